import type { ToolResult } from '../domain/effects.ts';
import type { Briefing } from '../domain/briefing.ts';
import type { HandOffReason, Tool } from '../domain/state.ts';
import type { AppointmentBook, BookFailure } from '../ports/appointment-book.ts';
import type { CallDesk, CallRef, DeskAnswer, HandOffAnswer } from '../ports/call-desk.ts';
import type { ConsentLedger } from '../ports/consent-ledger.ts';

export interface ToolDeps {
  readonly book: AppointmentBook;
  readonly desk: CallDesk;
  /** Absent where no calls are made. */
  readonly consents?: ConsentLedger | undefined;
  readonly pause: (ms: number) => Promise<void>;
}

/** Another one owns the call. */
export class CallIsStale extends Error {
  readonly code = 'call-is-stale';
}

/** First the request, then as many repetitions; each one carries the same key, so that together they act once. */
const pausesMs = [150, 400];

/**
 * Does what the dialogue asks of other services, and answers in its terms. A lost request is repeated with its own key;
 * what is still unknown after that is said to be unknown.
 *
 * @throws CallIsStale when telephony refuses us as the call's owner
 */
export async function runTool(
  deps: ToolDeps,
  call: CallRef & { readonly clinicId: string },
  tool: Tool,
  handOff: { readonly briefing: (reason: HandOffReason) => Briefing; readonly signal: AbortSignal },
): Promise<ToolResult> {
  const { tenantId, callId, clinicId } = call;
  switch (tool.kind) {
    case 'find-slots': {
      const found = await repeated(deps, () => deps.book.findSlots(tenantId, { clinicId, ...tool }));
      return found.kind === 'slots' ? found : { kind: 'failed' };
    }
    case 'hold': {
      const { slot, key } = tool;
      const held = await repeated(deps, () =>
        deps.book.hold(tenantId, { clinicId, slot, holder: callId, key }),
      );
      // A hold that nobody knows of ends by itself.
      return held.kind === 'refused' || held.kind === 'lost' ? { kind: 'failed' } : held;
    }
    case 'book': {
      const { slot, holdId, name, phone, key } = tool;
      const request = { clinicId, callId, slot, holdId, name, phone, key };
      return written(await repeated(deps, () => deps.book.book(tenantId, request)));
    }
    case 'move': {
      const { appointmentId, slot, holdId, key } = tool;
      const request = { appointmentId, callId, slot, holdId, key };
      return written(await repeated(deps, () => deps.book.move(tenantId, request)));
    }
    case 'confirm':
    case 'cancel': {
      const { appointmentId, kind } = tool;
      return written(await repeated(deps, () => deps.book[kind](tenantId, { appointmentId, callId })));
    }
    case 'opt-out': {
      const { consents } = deps;
      if (!consents) return { kind: 'failed' };
      const { source, patientId, number, note, key } = tool;
      const request = { source, patientId, number, note, key, callId };
      return written(await repeated(deps, () => consents.optOut(tenantId, request)));
    }
    case 'hand-off': {
      const { reason } = tool;
      const o = { reason, briefing: handOff.briefing(reason), signal: handOff.signal };
      return deskResult(deps, () => deps.desk.handOff(call, o), handOff.signal);
    }
    case 'call-back':
      return deskResult(deps, () =>
        deps.desk.requestCallBack(call, { reason: tool.reason, note: tool.note }),
      );
    case 'transfer':
      return deskResult(deps, () => deps.desk.transfer(call, tool.reason));
    case 'hang-up':
      return deskResult(deps, () => deps.desk.hangUp(call, tool.outcome));
    default:
      return tool satisfies never;
  }
}

function written(result: { kind: 'done' } | { kind: 'taken' } | BookFailure): ToolResult {
  if (result.kind === 'lost') return { kind: 'unclear' };
  return result.kind === 'refused' ? { kind: 'failed' } : result;
}

async function repeated<R extends { kind: string }>(deps: ToolDeps, request: () => Promise<R>): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    const result = await request();
    const pauseMs = pausesMs[attempt];
    if (result.kind !== 'lost' || pauseMs === undefined) return result;
    await deps.pause(pauseMs);
  }
}

/** Telephony's commands may all be repeated: a second transfer or hang-up of the same call changes nothing. */
async function deskResult(
  deps: ToolDeps,
  request: () => Promise<DeskAnswer | HandOffAnswer>,
  signal?: AbortSignal,
): Promise<ToolResult> {
  for (let attempt = 0; ; attempt++) {
    const answer = await request();
    if (answer === 'stale') throw new CallIsStale('the call has a newer owner');
    if (answer === 'done' || answer === 'call-back' || answer === 'not-served') return { kind: answer };
    const pauseMs = pausesMs[attempt];
    if (pauseMs === undefined || signal?.aborted) return { kind: 'failed' };
    await deps.pause(pauseMs);
  }
}
