import type { Call, CallDirection, CallOutcome, CallStateName } from './call.ts';
import { outcomeOf } from './call.ts';

/** What a change of a call means to others, in the words of the event contracts but without their types. */
export type CallFact =
  | { readonly type: 'initiated'; readonly direction: CallDirection; readonly initiatedAt: number }
  | {
      readonly type: 'changed';
      readonly from: CallStateName;
      readonly to: CallStateName;
      readonly reason: string;
      readonly at: number;
    }
  | {
      readonly type: 'completed';
      readonly direction: CallDirection;
      readonly outcome: CallOutcome | null;
      readonly endReason: string;
      readonly initiatedAt: number;
      readonly answeredAt: number | null;
      readonly endedAt: number;
      readonly talkMs: number;
    }
  | {
      readonly type: 'failed';
      readonly direction: CallDirection;
      readonly reason: string;
      readonly initiatedAt: number;
      readonly failedAt: number;
    }
  | {
      readonly type: 'escalated';
      readonly reason: string;
      readonly initiatedAt: number;
      readonly transferredAt: number;
      readonly endedAt: number;
      /** When a person was asked for; null when the call was passed on without asking who is there. */
      readonly requestedAt: number | null;
    };

/** The facts that lie between two values of one call; none when its state has kept its name. */
export function factsBetween(before: Call, after: Call, at: number): CallFact[] {
  const { state } = after;
  if (before.state.kind === state.kind) return [];
  const { direction, createdAt: initiatedAt, answeredAt } = after;
  const changed: CallFact = {
    type: 'changed',
    from: before.state.kind,
    to: state.kind,
    reason: reasonOf(before, after),
    at,
  };
  switch (state.kind) {
    case 'completed': {
      const { endReason, endedAt } = state;
      const talkMs = answeredAt === null ? 0 : Math.max(0, endedAt - answeredAt);
      const outcome = outcomeOf(after);
      return [
        changed,
        { type: 'completed', direction, outcome, endReason, initiatedAt, answeredAt, endedAt, talkMs },
      ];
    }
    case 'failed':
      return [
        changed,
        { type: 'failed', direction, reason: state.reason, initiatedAt, failedAt: state.failedAt },
      ];
    case 'escalated': {
      const { reason, transferredAt, endedAt } = state;
      const requestedAt = state.via ? (after.handOff?.requestedAt ?? null) : null;
      return [changed, { type: 'escalated', reason, initiatedAt, transferredAt, endedAt, requestedAt }];
    }
    default:
      return [changed];
  }
}

function reasonOf(before: Call, { state }: Call): string {
  switch (state.kind) {
    case 'completed':
      return state.endReason;
    case 'failed':
    case 'escalated':
      return state.reason;
    case 'ending':
      return state.phase.reason;
    case 'active':
      return before.state.kind === 'ending' ? 'transfer-failed' : 'answered';
    case 'queued':
    case 'initiating':
    case 'ringing':
      return state.kind;
    default:
      return state satisfies never;
  }
}
