import { prompts } from '../prompts.en.ts';
import { leave } from './leave.ts';
import { ask } from './questions.ts';
import { run, type Step } from './step.ts';

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
  if (!done) return leave(step, { kind: 'transfer', reason: 'not-understood' }, prompts.callBackFailed);
  // A booking made earlier in the call stays its outcome: both are true, and the booking is the more.
  if (s.outcome !== 'booked') {
    s.outcome = 'call-back-requested';
    step.effects.push({ type: 'record-outcome', outcome: s.outcome });
  }
  s.phase = { kind: 'closing' };
  ask(step, { lead: prompts.callBackNoted[reason] });
}
