/** Quieter than this counts as silence at the ends of synthesised speech (about -46 dBFS). */
const SILENCE_LEVEL = 160;
const EDGE_MS = 50;
const EDGE_SAMPLES = (8000 * EDGE_MS) / 1000;
/** -6 dBFS: loud enough on a phone, with room for the peaks that companding and mixing add. */
const PEAK_TARGET = Math.round(32768 * 10 ** (-6 / 20));

/** Cuts silence at both ends of 8 kHz audio to at most 50 ms. Audio that is all silent becomes empty. */
export function trimSilence(samples: Int16Array): Int16Array {
  let first = 0;
  while (first < samples.length && Math.abs(samples[first] as number) < SILENCE_LEVEL) first++;
  if (first === samples.length) return new Int16Array(0);
  let last = samples.length - 1;
  while (Math.abs(samples[last] as number) < SILENCE_LEVEL) last--;
  return samples.slice(Math.max(0, first - EDGE_SAMPLES), last + 1 + EDGE_SAMPLES);
}

/** Scales so that the loudest sample is at -6 dBFS; silence stays as it is. */
export function normalisePeak(samples: Int16Array): Int16Array {
  const peak = samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  if (peak === 0) return samples;
  return samples.map((sample) => Math.round((sample * PEAK_TARGET) / peak));
}
