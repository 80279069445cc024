import { prompts } from '../prompts.en.ts';
import type { CallOutcome } from '../state.ts';
import { leave, toPerson } from './leave.ts';
import { ask } from './questions.ts';
import { run, type Step } from './step.ts';

const achievements: ReadonlySet<CallOutcome> = new Set(['booked', 'moved', 'cancelled', 'confirmed']);

/** Puts the caller on the clinic's list. What is said about it comes after it was noted. */
export function requestCallBack(step: Step, o: { lead?: string | undefined } = {}): void {
  const { s } = step;
  if (!s.callBack) return;
  const number = s.phone?.said ? ` (${s.phone.number})` : '';
  const request = run(step, {
    kind: 'call-back',
    reason: s.callBack.reason,
    note: `${s.callBack.note}${number}`.trim().slice(0, 500),
  });
  s.phase = { kind: 'calling-back', request };
  ask(step, o);
}

export function onCallBack(step: Step, done: boolean): void {
  const { s } = step;
  const reason = s.callBack?.reason ?? 'other';
  delete s.callBack;
  // Of our own calls only a hand-over or a wish for no more calls that failed comes here: what could be done was done.
  if (!done && s.script)
    return leave(step, { kind: 'hang-up', outcome: s.outcome ?? 'not-booked' }, prompts.cannotGoOn);
  if (!done) return toPerson(step, 'not-understood', prompts.callBackFailed);
  // A booking made earlier in the call stays its outcome: both are true, and the booking is the more.
  if (s.outcome === undefined || !achievements.has(s.outcome)) {
    s.outcome = 'call-back-requested';
    step.effects.push({ type: 'record-outcome', outcome: s.outcome });
  }
  if (s.script) {
    const words = s.progress?.optOut ? prompts.optOutLost : prompts.callBackOutbound;
    return leave(step, { kind: 'hang-up', outcome: s.outcome ?? 'call-back-requested' }, words);
  }
  s.phase = { kind: 'closing' };
  ask(step, { lead: prompts.callBackNoted[reason] });
}
