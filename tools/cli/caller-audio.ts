import { decodeMulaw, encodeMulaw } from '@wardline/audio';
import { createComfortNoise } from '../../services/carrier-simulator/src/domain/sound.ts';

/** What stands before and after the speech of a turn: the turn-taking's pre-roll, and the silence that ends it. */
const BEFORE_MS = 300;
const AFTER_MS = 250;

/** A line of speech as the platform gets it from the simulated carrier: comfort noise under it, mu-law at 8 kHz. */
export function overTheLine(speech: Int16Array, seed: number): Int16Array {
  const samples = createComfortNoise(seed)(speech.length + (BEFORE_MS + AFTER_MS) * 8);
  for (let i = 0; i < speech.length; i++) {
    const at = i + BEFORE_MS * 8;
    samples[at] = Math.max(-32768, Math.min(32767, (samples[at] as number) + (speech[i] as number)));
  }
  return decodeMulaw(encodeMulaw(samples));
}
