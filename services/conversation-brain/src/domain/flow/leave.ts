import { prompts } from '../prompts.en.ts';
import type { CallOutcome, HandOffReason, Leave } from '../state.ts';
import { keepHeldDetails } from './collect.ts';
import { listen, release, run, say, type Step } from './step.ts';

/** How long the last words may take to be confirmed as heard before we go on without that. */
const lastWordsMs = 10_000;
/** Whoever waits for a person hears something about every so often. */
export const companyMs = 12_000;

/** Says the last words; what they announce happens when they were heard, so that nobody is cut off in mid-sentence. */
export function leave(step: Step, how: Leave, words: string, o: { interruptible?: boolean } = {}): void {
  const { s } = step;
  delete s.aside;
  // A slot that is being booked right now is not let go: the caller has confirmed it.
  if (s.phase.kind !== 'booking') release(step);
  const utteranceId = say(step, words, o);
  s.phase = { kind: 'leaving', how, utteranceId, interrupted: false };
  listen(step, ['open'], lastWordsMs);
}

export function goodbye(step: Step): void {
  const { s } = step;
  const outcome = s.outcome ?? 'not-booked';
  const nothing = outcome === 'not-booked' ? prompts.goodbyeNothing : prompts.goodbye;
  leave(step, { kind: 'hang-up', outcome }, s.script ? prompts.goodbyeOutbound : nothing);
}

/** Says that a person is being asked, and then asks for one. */
export function toPerson(step: Step, reason: HandOffReason, words: string): void {
  // The slot is let go; what it was stays known, for whoever takes the call.
  if (step.s.held && step.s.phase.kind !== 'booking') keepHeldDetails(step);
  leave(step, { kind: 'hand-off', reason }, words);
}

/** The clinic's own words, whole, whatever else is going on; then the transfer. */
export function toEmergency(step: Step): void {
  leave(step, { kind: 'transfer', reason: 'emergency' }, step.context.clinic.emergencyText, {
    interruptible: false,
  });
}

/** The last words were heard (or nobody can tell): now it happens. */
export function go(step: Step): void {
  const { s } = step;
  if (s.phase.kind !== 'leaving') return;
  const { how } = s.phase;
  if (how.kind === 'hand-off') {
    const request = run(step, { kind: 'hand-off', reason: how.reason });
    s.phase = { kind: 'handing-off', request, reason: how.reason };
    return listen(step, ['open'], companyMs);
  }
  if (how.kind === 'hang-up') return hangUp(step, how.outcome);
  const request = run(step, { kind: 'transfer', reason: how.reason });
  s.phase = { kind: 'gone', how, request };
  listen(step, ['open'], lastWordsMs);
}

export function hangUp(step: Step, outcome: CallOutcome): void {
  const request = run(step, { kind: 'hang-up', outcome });
  step.s.phase = { kind: 'gone', how: { kind: 'hang-up', outcome }, request };
  listen(step, ['open'], lastWordsMs);
}

export function end(step: Step): void {
  step.s.phase = { kind: 'over' };
  delete step.s.aside;
  step.effects.push({ type: 'end' });
}
