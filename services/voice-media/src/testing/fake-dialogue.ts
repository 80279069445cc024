import type {
  AgentCommand,
  BrokenStream,
  CallerEvent,
  CallFacts,
  Dialogue,
  DialogueListener,
  DialogueStream,
} from '../ports/dialogue.ts';

export interface FakeConversation {
  readonly facts: CallFacts;
  readonly events: CallerEvent[];
  closed: boolean;
  readonly listener: DialogueListener;
  command(command: AgentCommand): void;
  say(utteranceId: string, text: string, more?: Partial<Extract<AgentCommand, { type: 'say' }>>): void;
}

/** A dialogue in the same process, played by the test. `onEvent` lets it answer. */
export class FakeDialogue implements Dialogue {
  readonly conversations: FakeConversation[] = [];
  onEvent: (event: CallerEvent, conversation: FakeConversation) => void = () => undefined;
  /** When set, every stream that is opened breaks with it at once. */
  refusal: BrokenStream | undefined;

  get last(): FakeConversation {
    const last = this.conversations.at(-1);
    if (last === undefined) throw new Error('no conversation was opened');
    return last;
  }

  get events(): CallerEvent[] {
    return this.conversations.flatMap((conversation) => conversation.events);
  }

  of<T extends CallerEvent['type']>(type: T): Extract<CallerEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<CallerEvent, { type: T }> => event.type === type);
  }

  open(facts: CallFacts, listener: DialogueListener): DialogueStream {
    const conversation: FakeConversation = {
      facts,
      events: [],
      closed: false,
      listener,
      command: (command) => listener.onCommand(command),
      say: (utteranceId, text, more = {}) =>
        listener.onCommand({
          type: 'say',
          utteranceId,
          text,
          interruptible: true,
          rate: 1,
          replace: false,
          ...more,
        }),
    };
    this.conversations.push(conversation);
    const refusal = this.refusal;
    if (refusal !== undefined) queueMicrotask(() => listener.onBroken(refusal));
    return {
      send: (event) => {
        conversation.events.push(event);
        this.onEvent(event, conversation);
      },
      close: () => {
        conversation.closed = true;
      },
    };
  }
}
