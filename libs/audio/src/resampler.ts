import createSpeexModule from '@echogarden/speex-resampler-wasm';

/** Changes the sample rate of one continuous mono stream. It keeps filter history: use one per stream. */
export interface Resampler {
  readonly fromHz: number;
  readonly toHz: number;
  /** Any length in; about `length × toHz / fromHz` samples out (the filter's delay is taken off the front). */
  process(samples: Int16Array): Int16Array;
  /** The last samples still inside the filter. Afterwards the resampler is as new. */
  flush(): Int16Array;
  /** Frees the native memory. Idempotent; the resampler must not be used afterwards. */
  close(): void;
}

interface SpeexModule {
  HEAP16: Int16Array;
  HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _speex_resampler_init(channels: number, from: number, to: number, quality: number, error: number): number;
  _speex_resampler_process_int(
    state: number,
    channel: number,
    input: number,
    inputLength: number,
    output: number,
    outputLength: number,
  ): number;
  _speex_resampler_get_input_latency(state: number): number;
  _speex_resampler_skip_zeros(state: number): number;
  _speex_resampler_reset_mem(state: number): number;
  _speex_resampler_destroy(state: number): void;
}

/** Speex quality 5: 4 µs per 20 ms and 108 dB signal to noise at 8 → 16 kHz; higher costs more and is not heard. */
const QUALITY = 5;
const CHUNK_SAMPLES = 4096;

let loaded: Promise<SpeexModule> | undefined;
const loadModule = (): Promise<SpeexModule> => (loaded ??= createSpeexModule() as Promise<SpeexModule>);

class SpeexResampler implements Resampler {
  readonly fromHz: number;
  readonly toHz: number;
  readonly #module: SpeexModule;
  readonly #outputMax: number;
  readonly #memory: number;
  readonly #input: number;
  readonly #output: number;
  readonly #lengths: number;
  #state: number;

  constructor(module: SpeexModule, fromHz: number, toHz: number) {
    this.fromHz = fromHz;
    this.toHz = toHz;
    this.#module = module;
    this.#outputMax = Math.ceil((CHUNK_SAMPLES * toHz) / fromHz) + 16;
    this.#memory = module._malloc(16 + 2 * CHUNK_SAMPLES + 2 * this.#outputMax);
    this.#lengths = this.#memory;
    this.#input = this.#memory + 16;
    this.#output = this.#input + 2 * CHUNK_SAMPLES;
    this.#state = module._speex_resampler_init(1, fromHz, toHz, QUALITY, this.#lengths + 8);
    if (this.#state === 0) throw new RangeError(`no resampler from ${fromHz} Hz to ${toHz} Hz`);
    module._speex_resampler_skip_zeros(this.#state);
  }

  process(samples: Int16Array): Int16Array {
    if (this.#state === 0) throw new Error('resampler is closed');
    const parts: Int16Array[] = [];
    for (let start = 0; start < samples.length;) {
      const chunk = samples.subarray(start, start + CHUNK_SAMPLES);
      const { consumed, produced } = this.#step(chunk);
      parts.push(produced);
      // The output buffer holds a whole chunk's worth, so nothing is left over; guard against a standstill anyway.
      start += Math.max(1, consumed);
    }
    return parts.length === 1 ? (parts[0] as Int16Array) : concatSamples(parts);
  }

  flush(): Int16Array {
    const latency = this.#module._speex_resampler_get_input_latency(this.#state);
    const tail = this.process(new Int16Array(latency));
    this.#module._speex_resampler_reset_mem(this.#state);
    this.#module._speex_resampler_skip_zeros(this.#state);
    return tail;
  }

  close(): void {
    if (this.#state === 0) return;
    this.#module._speex_resampler_destroy(this.#state);
    this.#module._free(this.#memory);
    this.#state = 0;
  }

  #step(chunk: Int16Array): { consumed: number; produced: Int16Array } {
    const module = this.#module;
    // The heap views are read anew each time: they are replaced when WebAssembly memory grows.
    module.HEAP16.set(chunk, this.#input >> 1);
    module.HEAP32[this.#lengths >> 2] = chunk.length;
    module.HEAP32[(this.#lengths >> 2) + 1] = this.#outputMax;
    module._speex_resampler_process_int(
      this.#state,
      0,
      this.#input,
      this.#lengths,
      this.#output,
      this.#lengths + 4,
    );
    const consumed = module.HEAP32[this.#lengths >> 2] as number;
    const count = module.HEAP32[(this.#lengths >> 2) + 1] as number;
    const from = this.#output >> 1;
    return { consumed, produced: Int16Array.from(module.HEAP16.subarray(from, from + count)) };
  }
}

/** A resampler for one mono stream of 16-bit samples. Rejects with RangeError for rates Speex cannot do. */
export async function createResampler(fromHz: number, toHz: number): Promise<Resampler> {
  return new SpeexResampler(await loadModule(), fromHz, toHz);
}

/** One array from many. */
export function concatSamples(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
