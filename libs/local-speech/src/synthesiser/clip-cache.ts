/**
 * Recently spoken clauses, bounded by their total length. Prompts come back in every call ("which day would suit you?")
 * and cost nothing then. Lives in memory only: clauses may name a patient.
 */
export class ClipCache {
  readonly #samplesMax: number;
  readonly #clips = new Map<string, Int16Array>();
  #samples = 0;

  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  get(key: string): Int16Array | undefined {
    const clip = this.#clips.get(key);
    if (!clip) return undefined;
    this.#clips.delete(key);
    this.#clips.set(key, clip);
    return clip.slice();
  }

  put(key: string, clip: Int16Array): void {
    if (clip.length > this.#samplesMax || this.#clips.has(key)) return;
    this.#clips.set(key, clip.slice());
    this.#samples += clip.length;
    for (const [oldest, old] of this.#clips) {
      if (this.#samples <= this.#samplesMax) return;
      this.#clips.delete(oldest);
      this.#samples -= old.length;
    }
  }

  get size(): number {
    return this.#clips.size;
  }
}
