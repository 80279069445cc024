/** Telephone audio: 8 kHz, and one packet per 20 ms (RFC 3551 §4.2). */
export const SAMPLE_RATE_HZ = 8000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000;

/**
 * Cuts audio into frames of `frameLength` elements (bytes of G.711, or samples). The last one is filled up with `fill`,
 * so that every frame has full length. Frames are copies: the input may be reused.
 */
export function splitFrames<T extends Uint8Array | Int16Array>(audio: T, frameLength: number, fill = 0): T[] {
  if (!Number.isInteger(frameLength) || frameLength < 1)
    throw new RangeError('frameLength must be a positive integer');
  const frames: T[] = [];
  for (let start = 0; start < audio.length; start += frameLength) {
    const whole = start + frameLength <= audio.length;
    if (whole) {
      frames.push(audio.slice(start, start + frameLength) as T);
      continue;
    }
    const last = (
      audio instanceof Uint8Array ? new Uint8Array(frameLength) : new Int16Array(frameLength)
    ) as T;
    last.fill(fill);
    last.set(audio.subarray(start));
    frames.push(last);
  }
  return frames;
}

/** Loudest sample relative to full scale, in dB; -Infinity for silence. */
export function peakDbfs(samples: Int16Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return 20 * Math.log10(peak / 32768);
}

/** Mean power relative to a full-scale square wave, in dB; -Infinity for silence. */
export function rmsDbfs(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, samples.length) / 32768 ** 2);
}
