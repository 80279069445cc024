import { Code, ConnectError } from '@connectrpc/connect';
import type { dialogue } from '@wardline/contracts';
import type { RpcClient } from '@wardline/rpc';
import type {
  BrokenStream,
  CallFacts,
  Dialogue,
  DialogueListener,
  DialogueStream,
} from '../../ports/dialogue.ts';
import { Outgoing } from './outgoing.ts';
import { callStarted, fromWire, toWire } from './translate.ts';

/** Events waiting to be sent; a call makes about five a second when somebody speaks. */
const outgoingMax = 256;
/** After our half-close the brain gets this long to end its side. */
const closeMsMax = 5_000;

/** Answers that another attempt would get as well. */
const refusals: ReadonlySet<Code> = new Set([
  Code.NotFound,
  Code.InvalidArgument,
  Code.PermissionDenied,
  Code.Unauthenticated,
  Code.FailedPrecondition,
  Code.Unimplemented,
]);

/** The conversation over `DialogueService.Converse`: one bidirectional stream per call. */
export function createRpcDialogue(client: RpcClient<typeof dialogue.DialogueService>): Dialogue {
  return { open: (facts, listener) => openStream(client, facts, listener) };
}

function verdictOn(cause: unknown): BrokenStream['verdict'] {
  if (!(cause instanceof ConnectError)) return 'transient';
  // The contract's answer to a stale owner epoch, and to a stream that a newer one has replaced.
  if (cause.code === Code.Aborted) return 'taken-over';
  return refusals.has(cause.code) ? 'refused' : 'transient';
}

function openStream(
  client: RpcClient<typeof dialogue.DialogueService>,
  facts: CallFacts,
  listener: DialogueListener,
): DialogueStream {
  const outgoing = new Outgoing<dialogue.CallerEvent>(outgoingMax);
  const abort = new AbortController();
  let closed = false;
  outgoing.push(callStarted(facts));

  const broke = (cause: unknown): void => {
    if (closed) return;
    closed = true;
    outgoing.end();
    abort.abort();
    listener.onBroken({ cause, verdict: verdictOn(cause) });
  };

  void (async () => {
    try {
      const commands = client.forTenant(facts.tenantId).converse(outgoing, { signal: abort.signal });
      for await (const wire of commands) {
        const command = fromWire(wire);
        if (!closed && command !== undefined) listener.onCommand(command);
      }
    } catch (error) {
      broke(error);
      return;
    }
    if (closed) return;
    closed = true;
    outgoing.end();
    listener.onEnded();
  })();

  return {
    send(event) {
      if (!closed && !outgoing.push(toWire(event))) broke(new Error('the dialogue takes no events'));
    },
    close() {
      if (closed) return;
      closed = true;
      outgoing.end();
      // Unref'd: a process that wants to end need not wait for a courtesy.
      setTimeout(() => abort.abort(), closeMsMax).unref();
    },
  };
}
