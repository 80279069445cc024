import type { Call, Effect, EndingPhase, Transition } from './call.ts';

/** The moves that several states share. */
export function stay(call: Call): Transition {
  return { call, effects: [] };
}

export function to(call: Call, effects: readonly Effect[] = []): Transition {
  return { call, effects };
}

export function inPhase(call: Call, phase: EndingPhase): Call {
  return { ...call, state: { kind: 'ending', phase } };
}

export function hangUp(call: Call, reason: string, endsAs: 'completed' | 'failed'): Transition {
  return to(inPhase(call, { kind: 'hanging-up', reason, endsAs }), [{ kind: 'hang-up' }]);
}

export function complete(call: Call, endReason: string, endedAt: number): Transition {
  return to({ ...call, state: { kind: 'completed', endReason, endedAt } });
}

export function fail(call: Call, reason: string, failedAt: number): Transition {
  return to({ ...call, state: { kind: 'failed', reason, failedAt } });
}
