/** The last `capacity` samples of what the caller said, so that a turn can begin before it was noticed. */
export class SampleRing {
  readonly #samples: Int16Array;
  #written = 0;

  constructor(capacity: number) {
    this.#samples = new Int16Array(capacity);
  }

  /** How many samples were ever pushed: the position of the next one. */
  get position(): number {
    return this.#written;
  }

  push(samples: Int16Array): void {
    const capacity = this.#samples.length;
    const kept = samples.length > capacity ? samples.subarray(samples.length - capacity) : samples;
    const at = (this.#written + samples.length - kept.length) % capacity;
    const first = Math.min(kept.length, capacity - at);
    this.#samples.set(kept.subarray(0, first), at);
    this.#samples.set(kept.subarray(first), 0);
    this.#written += samples.length;
  }

  /** A copy of what has come since `position`, as far back as is kept. */
  since(position: number): Int16Array {
    const capacity = this.#samples.length;
    const from = Math.max(position, this.#written - capacity, 0);
    const result = new Int16Array(Math.max(0, this.#written - from));
    const at = from % capacity;
    const first = Math.min(result.length, capacity - at);
    result.set(this.#samples.subarray(at, at + first), 0);
    result.set(this.#samples.subarray(0, result.length - first), first);
    return result;
  }
}
