import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { dialogue } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import { type ConversationDeps, ConversationReplaced } from '../app/hold-conversation.ts';
import type { Switchboard } from '../app/switchboard.ts';
import type { ConversationStore } from '../ports/conversation-store.ts';
import type { OpenStreams } from '../ports/open-streams.ts';
import { commandOf, inputOf, transcriptLineOf } from './translate.ts';

export interface DialogueServiceDeps {
  readonly switchboard: Switchboard;
  readonly store: ConversationStore;
  readonly openStreams: OpenStreams;
  readonly logger: ConversationDeps['logger'];
}

/** DialogueService: one stream per call, and the transcript. */
export function createDialogueService(
  deps: DialogueServiceDeps,
): ServiceImpl<typeof dialogue.DialogueService> {
  return {
    converse: (requests, ctx) => converse(deps, requests, ctx),
    async getTranscript({ callId }, ctx) {
      const tenantId = tenantOf(ctx);
      if (!isUuid(callId)) throw new ConnectError('call_id is a UUID', Code.InvalidArgument);
      const lines = await deps.store.lines(tenantId, callId);
      return create(dialogue.GetTranscriptResponseSchema, { lines: lines.map(transcriptLineOf) });
    },
  };
}

async function* converse(
  deps: DialogueServiceDeps,
  requests: AsyncIterable<dialogue.CallerEvent>,
  ctx: HandlerContext,
): AsyncGenerator<dialogue.AgentCommand> {
  const tenantId = tenantOf(ctx);
  const stream = requests[Symbol.asyncIterator]();
  const first = await stream.next();
  const started = first.done ? undefined : first.value.event;
  if (started?.case !== 'callStarted') {
    throw new ConnectError('the first message is call_started', Code.InvalidArgument);
  }
  const { callId, clinicId, ownerEpoch, resumed, attemptId, machine } = started.value;
  if (!isUuid(callId) || !isUuid(clinicId)) {
    throw new ConnectError('call_id and clinic_id are UUIDs', Code.InvalidArgument);
  }
  const conversation = deps.switchboard.connect({
    tenantId,
    callId,
    clinicId,
    epoch: ownerEpoch,
    resumed,
    attemptId: attemptId === '' ? undefined : attemptId,
    machine,
  });
  if (!conversation) throw new ConnectError('the call has a newer owner', Code.Aborted);
  const releaseStream = deps.openStreams.hold(tenantId, callId, ownerEpoch);

  // Reading goes on by itself: an event must not wait until the other side has taken our last command.
  void (async () => {
    try {
      for (let next = await stream.next(); !next.done; next = await stream.next()) {
        const input = inputOf(next.value);
        if (input) conversation.push(input);
      }
    } catch (err) {
      // A connection that breaks is how many calls end; what was confirmed is finished all the same.
      deps.logger.debug('a dialogue stream broke', { err, callId });
    } finally {
      releaseStream();
      conversation.inputEnded();
    }
  })();

  try {
    for await (const command of conversation.commands) {
      // Nobody is there to hear it; the conversation itself goes on until what was confirmed is done.
      if (ctx.signal.aborted) return;
      yield commandOf(command);
    }
  } catch (error) {
    if (error instanceof ConversationReplaced) throw new ConnectError(error.message, Code.Aborted);
    throw new ConnectError('the conversation cannot be held', Code.Unavailable, undefined, undefined, error);
  } finally {
    releaseStream();
  }
  // A stream that ends in order tells voice-media that the call is over. It is not: it goes on at another instance.
  if (deps.switchboard.draining) throw new ConnectError('this instance is ending', Code.Unavailable);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
