/** Samples of one side of a call, kept for the WAV file and the record; bounded, the rest is not kept. */
export class SampleLog {
  #samples = new Int16Array(8_000 * 30);
  #length = 0;
  readonly #samplesMax: number;

  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  append(samples: Int16Array): void {
    const room = Math.min(samples.length, this.#samplesMax - this.#length);
    if (room <= 0) return;
    if (this.#length + room > this.#samples.length) {
      const grown = new Int16Array(Math.min(this.#samplesMax, this.#samples.length * 2 + room));
      grown.set(this.#samples);
      this.#samples = grown;
    }
    this.#samples.set(samples.subarray(0, room), this.#length);
    this.#length += room;
  }

  all(): Int16Array {
    return this.#samples.subarray(0, this.#length);
  }
}

/** A 16-bit stereo WAV: left is what the caller said, right what the agent let them hear. */
export function stereoWav(left: Int16Array, right: Int16Array, sampleRateHz = 8000): Uint8Array {
  const frames = Math.max(left.length, right.length);
  const out = Buffer.alloc(44 + frames * 4);
  out.write('RIFF', 0, 'ascii');
  out.writeUInt32LE(36 + frames * 4, 4);
  out.write('WAVEfmt ', 8, 'ascii');
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(2, 22);
  out.writeUInt32LE(sampleRateHz, 24);
  out.writeUInt32LE(sampleRateHz * 4, 28);
  out.writeUInt16LE(4, 32);
  out.writeUInt16LE(16, 34);
  out.write('data', 36, 'ascii');
  out.writeUInt32LE(frames * 4, 40);
  for (let i = 0; i < frames; i++) {
    out.writeInt16LE(left[i] ?? 0, 44 + i * 4);
    out.writeInt16LE(right[i] ?? 0, 46 + i * 4);
  }
  return out;
}
