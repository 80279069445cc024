import { createRandom } from '@wardline/seeded-random';

/** Telephone audio: 8,000 samples a second; one carrier frame is 20 ms. */
export const sampleRateHz = 8000;
export const frameMs = 20;
export const frameSamples = 160;

/** Audibility is judged on windows of 10 ms, which bounds the error of every measured instant. */
export const windowMs = 10;
export const windowSamples = 80;

/**
 * RMS (of 16-bit samples) from which a window counts as audible: about −46 dBFS. The line's own comfort noise lies
 * well below, the weakest syllable ends of the synthetic voices above.
 */
export const audibleRms = 160;

/** Root mean square of `samples[from, from+length)`; samples past the end count as silence. */
export function rms(samples: Int16Array, from = 0, length = samples.length - from): number {
  if (length <= 0) return 0;
  let sum = 0;
  const end = Math.min(samples.length, from + length);
  for (let i = from; i < end; i++) {
    const value = samples[i] ?? 0;
    sum += value * value;
  }
  return Math.sqrt(sum / length);
}

/** The first and last audible sample of a line of clean speech, or undefined when there is nothing to hear. */
export function voicedSpan(samples: Int16Array): { firstSample: number; lastSample: number } | undefined {
  let first: number | undefined;
  let last = 0;
  for (let at = 0; at < samples.length; at += windowSamples) {
    if (rms(samples, at, Math.min(windowSamples, samples.length - at)) < audibleRms) continue;
    first ??= at;
    last = Math.min(at + windowSamples, samples.length) - 1;
  }
  return first === undefined ? undefined : { firstSample: first, lastSample: last };
}

/** Adds `b` into a copy of `a`, clipped to 16 bits; the longer one gives the length. */
export function mix(a: Int16Array, b: Int16Array): Int16Array {
  const out = new Int16Array(Math.max(a.length, b.length));
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.max(-32768, Math.min(32767, (a[i] ?? 0) + (b[i] ?? 0)));
  }
  return out;
}

/**
 * What a line sounds like while nobody speaks: low noise from a small generator with its own seed, so that a call can
 * be repeated sample by sample. `amplitude` is the peak.
 */
export function createComfortNoise(seed: number, amplitude = 24): (samples: number) => Int16Array {
  const next = createRandom(seed);
  return (samples) => Int16Array.from({ length: samples }, () => Math.round((next() * 2 - 1) * amplitude));
}

/**
 * Speech that no recogniser should act on: the line backwards, with noise as loud as a busy room. It has the energy,
 * rhythm and spectrum of speech and no words.
 */
export function mumble(samples: Int16Array, seed: number): Int16Array {
  const backwards = samples.slice().reverse();
  return mix(backwards, createComfortNoise(seed, 900)(backwards.length));
}

/** A sine, as long as `ms`. */
export function tone(ms: number, hz = 440, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: (ms * sampleRateHz) / 1000 }, (_, i) =>
    Math.round(Math.sin((2 * Math.PI * hz * i) / sampleRateHz) * amplitude),
  );
}
