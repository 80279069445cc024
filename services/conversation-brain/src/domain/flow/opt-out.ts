import { prompts } from '../prompts.en.ts';
import type { OptOutSource } from '../state.ts';
import { leave } from './leave.ts';
import { listen, release, run, type Step } from './step.ts';

const noteCharsMax = 200;

/** Enters the wish for no more calls. That it holds is said after it was noted, not before. */
export function optOut(step: Step, o: { source: OptOutSource; note: string }): void {
  const { s } = step;
  if (!s.script || !s.progress) return;
  // A commit that is on its way is not stopped any more; the wish is entered right after its answer.
  if (s.phase.kind === 'booking' || s.phase.kind === 'doing') {
    s.progress.optOut = { source: o.source, note: o.note.slice(0, noteCharsMax) };
    return listen(step, ['open'], 9_000);
  }
  if (s.phase.kind === 'opting-out') return listen(step, ['open'], 9_000);
  release(step);
  delete s.aside;
  delete s.progress.optOut;
  delete s.progress.job;
  const request = run(step, {
    kind: 'opt-out',
    source: o.source,
    // Whoever says that they are somebody else speaks for the number alone.
    patientId: s.progress.notPatient ? '' : s.script.patient.id,
    number: s.script.number,
    note: o.note.slice(0, noteCharsMax),
    key: `${s.callId}:opt-out`,
  });
  s.phase = { kind: 'opting-out', request };
  listen(step, ['open'], 9_000);
}

export function onOptedOut(step: Step, done: boolean): void {
  const { s } = step;
  if (done) {
    s.outcome = 'opted-out';
    step.effects.push({ type: 'record-outcome', outcome: 'opted-out' });
    return leave(step, { kind: 'hang-up', outcome: 'opted-out' }, prompts.optedOut);
  }
  // People look after it: the list of calls to make is a list that somebody reads.
  if (s.progress) s.progress.optOut = { source: 'voice', note: '' };
  s.callBack = { reason: 'other', note: 'wants no more calls, which could not be noted' };
  const request = run(step, { kind: 'call-back', ...s.callBack });
  s.phase = { kind: 'calling-back', request };
  listen(step, ['open'], 9_000);
}
