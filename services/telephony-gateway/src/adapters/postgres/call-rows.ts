import { z } from 'zod';
import type { CallRow } from '../../../generated/prisma/client.ts';
import {
  isTerminal,
  outcomeOf,
  type Call,
  type CallOutcome,
  type CallStateName,
  type Effect,
} from '../../domain/call.ts';
import { checkAfterMs, checkBackoffMs, wakeAtOf } from '../../domain/policy.ts';
import type { CallChange, CampaignCall, StoredCall } from '../../ports/call-store.ts';

/** Under which a number is looked for: one for all services, so that events can carry the same key. */
export const NUMBER_PURPOSE = 'patient-number';
/** What rows of before outbound calls are found by. */
export const NUMBER_PURPOSE_OLD = 'phone';

/** What of the stored machine is checked when it is read: enough to refuse another version's value. */
const machineSchema = z.looseObject({
  version: z.literal(1),
  state: z.looseObject({ kind: z.string() }),
  ownerEpoch: z.int(),
});

export function parseMachine(value: unknown): Call {
  return machineSchema.parse(value) as unknown as Call;
}

export function parseEffect(value: unknown): Effect {
  return z
    .looseObject({ kind: z.enum(['answer', 'dial', 'start-stream', 'stop-stream', 'transfer', 'hang-up']) })
    .parse(value) as Effect;
}

export function storedCallOf(row: CallRow): StoredCall {
  return {
    callId: row.id,
    tenantId: row.tenantId,
    clinicId: row.clinicId,
    callControlId: row.callControlId,
    traceparent: row.traceparent,
    campaign: campaignOf(row),
    language: row.language,
    call: parseMachine(row.machine),
    unreachableSince: row.unreachableSince?.getTime() ?? null,
    checkFailures: row.checkFailures,
  };
}

export function campaignOf({ attemptId, campaignId }: CallRow): CampaignCall | null {
  return attemptId === null || campaignId === null ? null : { attemptId, campaignId };
}

/** The columns that repeat what the machine says. */
export function columnsOf(call: Call) {
  const { state } = call;
  const wakeAt = wakeAtOf(call);
  return {
    state: state.kind satisfies CallStateName,
    machine: JSON.parse(JSON.stringify(call)) as object,
    ownerEpoch: call.ownerEpoch,
    outcome: outcomeOf(call) satisfies CallOutcome | null,
    endReason: endReasonOf(call),
    answeredAt: dateOf(call.answeredAt),
    endedAt: dateOf('endedAt' in state ? state.endedAt : state.kind === 'failed' ? state.failedAt : null),
    wakeAt: dateOf(wakeAt),
  };
}

/** When the carrier is asked next, and how long it has not answered. */
export function watchOf(before: CallRow, after: Call, change: CallChange, heardFromCarrier: boolean) {
  const afterMs = isTerminal(after) ? null : checkAfterMs(after);
  if (afterMs === null) return { nextCheckAt: null, checkFailures: 0, unreachableSince: null };
  if (change.carrierSilent === true) {
    const checkFailures = before.checkFailures + 1;
    return {
      nextCheckAt: new Date(change.at + checkBackoffMs(checkFailures)),
      checkFailures,
      unreachableSince: before.unreachableSince ?? new Date(change.at),
    };
  }
  const moved = before.state !== after.state.kind;
  const planned =
    heardFromCarrier || moved ? change.at + afterMs : (before.nextCheckAt?.getTime() ?? change.at);
  return {
    nextCheckAt: new Date(Math.min(planned, change.checkBy ?? planned)),
    checkFailures: heardFromCarrier ? 0 : before.checkFailures,
    unreachableSince: heardFromCarrier ? null : before.unreachableSince,
  };
}

function endReasonOf({ state }: Call): string | null {
  if (state.kind === 'completed') return state.endReason;
  return state.kind === 'failed' || state.kind === 'escalated' ? state.reason : null;
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
