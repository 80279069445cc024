import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { dialogue } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import { callerOf, createRpcServer, createServiceTokens, type RpcServer } from '@wardline/rpc';
import { Outgoing } from '../adapters/brain/outgoing.ts';

type Command = MessageInitShape<typeof dialogue.AgentCommandSchema>;
type Event = dialogue.CallerEvent['event'];
type EventCase = NonNullable<Event['case']>;
type EventValue<C extends EventCase> = Extract<Event, { case: C; value: unknown }>['value'];

export interface BrainConversation {
  readonly started: dialogue.CallStarted;
  readonly tenantId: string | undefined;
  readonly traceparent: string | null;
  readonly events: Event[];
  /** The caller's side of the stream is over. */
  over: boolean;
  command(command: Command['command']): void;
  say(
    utteranceId: string,
    text: string,
    more?: { interruptible?: boolean; replace?: boolean; rate?: number },
  ): void;
  listen(listen: MessageInitShape<typeof dialogue.ListenSchema>): void;
  /** Ends the stream as the brain does after a call. */
  end(): void;
  /** Breaks the stream as a crash does. */
  break(code?: Code): void;
}

/** conversation-brain's side of the wire, a real RPC server; tests script it per conversation. */
export class FakeBrain {
  readonly conversations: BrainConversation[] = [];
  /** Called when a conversation starts. */
  onStart: (conversation: BrainConversation) => void = () => undefined;
  onEvent: (event: Event, conversation: BrainConversation) => void = () => undefined;
  readonly #server: RpcServer;

  constructor(o: { serviceKey: string; logger: Logger; port?: number }) {
    this.#server = createRpcServer({
      service: 'conversation-brain',
      port: o.port ?? 0,
      tokens: createServiceTokens({ key: o.serviceKey, service: 'conversation-brain' }),
      logger: o.logger,
      routes: (router) => {
        router.service(dialogue.DialogueService, {
          converse: (requests, context) => this.#converse(requests, context),
        });
      },
    });
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  get url(): string {
    return this.#server.baseUrl;
  }

  get port(): number {
    return this.#server.port;
  }

  get last(): BrainConversation {
    const last = this.conversations.at(-1);
    if (last === undefined) throw new Error('no conversation has started');
    return last;
  }

  /** Values of all events of one kind, over all conversations. */
  of<C extends EventCase>(kind: C): EventValue<C>[] {
    return this.conversations
      .flatMap((conversation) => conversation.events)
      .filter((event) => event.case === kind)
      .map((event) => event.value as EventValue<C>);
  }

  async *#converse(
    requests: AsyncIterable<dialogue.CallerEvent>,
    context: HandlerContext,
  ): AsyncIterable<dialogue.AgentCommand> {
    const outgoing = new Outgoing<dialogue.AgentCommand>(1_000);
    let failure: ConnectError | undefined;
    void this.#read(requests, context, outgoing, (error) => (failure = error));
    yield* outgoing;
    if (failure !== undefined) throw failure;
  }

  async #read(
    requests: AsyncIterable<dialogue.CallerEvent>,
    context: HandlerContext,
    outgoing: Outgoing<dialogue.AgentCommand>,
    fail: (error: ConnectError) => void,
  ): Promise<void> {
    let conversation: BrainConversation | undefined;
    try {
      for await (const { event } of requests) {
        if (event.case === 'callStarted') {
          conversation = conversationOf(event.value, context, outgoing, fail);
          this.conversations.push(conversation);
          this.onStart(conversation);
        } else if (conversation !== undefined) {
          conversation.events.push(event);
          this.onEvent(event, conversation);
        }
      }
    } catch {
      // A caller that goes away in mid-stream is one of the things tests do.
    }
    if (conversation !== undefined) conversation.over = true;
    outgoing.end();
  }
}

function conversationOf(
  started: dialogue.CallStarted,
  context: HandlerContext,
  outgoing: Outgoing<dialogue.AgentCommand>,
  fail: (error: ConnectError) => void,
): BrainConversation {
  const command = (given: Command['command']): void => {
    outgoing.push(create(dialogue.AgentCommandSchema, given === undefined ? {} : { command: given }));
  };
  return {
    started,
    tenantId: callerOf(context).tenantId,
    traceparent: context.requestHeader.get('traceparent'),
    events: [],
    over: false,
    command,
    say: (utteranceId, text, more = {}) =>
      command({ case: 'say', value: { utteranceId, text, interruptible: true, rate: 1, ...more } }),
    listen: (listen) => command({ case: 'listen', value: listen }),
    end: () => outgoing.end(),
    break: (code = Code.Unavailable) => {
      fail(new ConnectError('scripted break', code));
      outgoing.end();
    },
  };
}
