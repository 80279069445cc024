import type { RecognitionStatus } from '@wardline/dialogue-words';
import { hasDetails } from './collect.ts';
import { read } from './hear.ts';
import type { Step } from './step.ts';

export interface Heard {
  readonly text: string;
  readonly confidence: number;
  readonly status: RecognitionStatus;
  /** What the recogniser holds possible besides, best first. */
  readonly alternatives: readonly string[];
}

/**
 * Of what the recogniser holds possible, what makes sense here. "Thursday the twenty eighth", which is a Saturday, or
 * "eight p m" at a clinic that closes at six, are misheard more often than meant; and what the caller has just denied
 * ("Did you say …?" – "No.") was not said the second time either. An alternative that makes sense takes their place, but
 * is never acted on: the caller is asked whether it was that.
 */
export function sensible(step: Step, heard: Heard): Heard {
  if (heard.status === 'not-understood' || fits(step, heard.text)) return heard;
  const better = heard.alternatives.find((text) => fits(step, text) && hasDetails(read(step, text)));
  if (better !== undefined) return { ...heard, text: better, status: 'unsure' };
  return step.s.denied.includes(heard.text) ? { ...heard, status: 'not-understood' } : heard;
}

function fits(step: Step, text: string): boolean {
  if (step.s.denied.includes(text)) return false;
  const reading = read(step, text);
  // An emergency is never explained away.
  if (reading.emergency !== 'none') return true;
  if (reading.date?.kind === 'impossible') return false;
  const { open } = step.context.clinic;
  if (reading.time?.kind !== 'at' || open === undefined) return true;
  return reading.time.candidates.some((minutes) => minutes >= open.fromMinutes && minutes < open.toMinutes);
}
