/** A sine tone: `amplitude` of full scale 32767. For tests of anything that carries audio. */
export function tone(o: { hz: number; sampleRateHz: number; ms: number; amplitude?: number }): Int16Array {
  const peak = 32767 * (o.amplitude ?? 0.5);
  const length = Math.round((o.sampleRateHz * o.ms) / 1000);
  return Int16Array.from({ length }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * o.hz * i) / o.sampleRateHz)),
  );
}

/**
 * Signal-to-noise ratio in dB of a tone that should be at `hz`: the best-fitting sine is the signal, the rest is noise.
 * The middle 40 % is measured, away from a filter's edges.
 */
export function toneSnrDb(samples: Int16Array, hz: number, sampleRateHz: number): number {
  const middle = samples.subarray(Math.floor(samples.length * 0.3), Math.floor(samples.length * 0.7));
  let sine = 0;
  let cosine = 0;
  middle.forEach((sample, i) => {
    const phase = (2 * Math.PI * hz * i) / sampleRateHz;
    sine += (2 * sample * Math.sin(phase)) / middle.length;
    cosine += (2 * sample * Math.cos(phase)) / middle.length;
  });
  let noise = 0;
  middle.forEach((sample, i) => {
    const phase = (2 * Math.PI * hz * i) / sampleRateHz;
    noise += (sample - sine * Math.sin(phase) - cosine * Math.cos(phase)) ** 2;
  });
  return 10 * Math.log10((sine ** 2 + cosine ** 2) / 2 / (noise / middle.length));
}
