import { VAD_WINDOW } from './protocol.ts';

/** Beyond two seconds of unjudged audio the oldest is dropped: late activity is of no use, and memory stays bounded. */
const WINDOWS_MAX = 64;

/** One call's samples, cut into windows and kept until the next batch takes them. */
export class WindowQueue {
  static readonly windowSamples = VAD_WINDOW;
  readonly #windows: { samples: Int16Array; atSample: number }[] = [];
  readonly #listeners: ((probability: number, atSample: number) => void)[] = [];
  #partial = new Int16Array(VAD_WINDOW);
  #filled = 0;
  #received = 0;
  #closed = false;

  /** True when a window is waiting. */
  push(samples: Int16Array): boolean {
    for (let start = 0; start < samples.length && !this.#closed;) {
      const part = samples.subarray(start, start + VAD_WINDOW - this.#filled);
      this.#partial.set(part, this.#filled);
      this.#filled += part.length;
      this.#received += part.length;
      start += part.length;
      if (this.#filled === VAD_WINDOW) this.#completeWindow();
    }
    return this.hasWindow;
  }

  get hasWindow(): boolean {
    return this.#windows.length > 0;
  }

  get isBehind(): boolean {
    return this.#windows.length > 1;
  }

  /** Writes the oldest window, scaled to ±1, to place `index` of a batch; returns where in the stream it ends. */
  takeInto(batch: Float32Array, index: number): number {
    const window = this.#windows.shift();
    if (!window) throw new Error('takeInto needs a waiting window');
    const at = index * VAD_WINDOW;
    for (let i = 0; i < VAD_WINDOW; i++) batch[at + i] = (window.samples[i] as number) / 32768;
    return window.atSample;
  }

  onProbability(listener: (probability: number, atSample: number) => void): void {
    this.#listeners.push(listener);
  }

  emit(probability: number, atSample: number): void {
    if (this.#closed) return;
    for (const listener of this.#listeners) listener(probability, atSample);
  }

  close(): void {
    this.#closed = true;
    this.#windows.length = 0;
  }

  #completeWindow(): void {
    this.#windows.push({ samples: this.#partial, atSample: this.#received });
    if (this.#windows.length > WINDOWS_MAX) this.#windows.shift();
    this.#partial = new Int16Array(VAD_WINDOW);
    this.#filled = 0;
  }
}
