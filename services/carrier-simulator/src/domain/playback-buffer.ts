/**
 * What the platform has sent and the caller has not heard yet. Bytes are codec bytes (one byte is one sample for
 * PCMU and PCMA). A mark sits between two bytes and is reached when everything before it has been played.
 */
export interface Taken {
  /** Exactly as many bytes as were there, at most what was asked for. */
  readonly bytes: Uint8Array;
  /** True when a mark lay exactly where the buffer ran empty: the end was announced, so running dry is no fault. */
  readonly emptiedAtMark: boolean;
}

export class PlaybackBuffer {
  #chunks: Uint8Array[] = [];
  #headOffset = 0;
  #added = 0;
  #played = 0;
  #marks: { name: string; position: number }[] = [];
  #lastMarkPosition = -1;

  get pendingBytes(): number {
    return this.#added - this.#played;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#added += bytes.length;
  }

  mark(name: string): void {
    this.#marks.push({ name, position: this.#added });
    this.#lastMarkPosition = this.#added;
  }

  /** Marks before the play head, in the order they were set; each is returned once. */
  reachedMarks(): string[] {
    const reached: string[] = [];
    while (this.#marks[0] && this.#marks[0].position <= this.#played) reached.push(this.#marks.shift()!.name);
    return reached;
  }

  take(count: number): Taken {
    const length = Math.min(count, this.pendingBytes);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const head = this.#chunks[0]!;
      const piece = head.subarray(this.#headOffset, this.#headOffset + length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      this.#headOffset += piece.length;
      if (this.#headOffset === head.length) {
        this.#chunks.shift();
        this.#headOffset = 0;
      }
    }
    this.#played += length;
    return { bytes, emptiedAtMark: this.pendingBytes === 0 && this.#lastMarkPosition === this.#played };
  }

  /** Forgets everything unheard. The marks among it come back at once, as the carrier documents. */
  clear(): string[] {
    const marks = this.#marks.map((m) => m.name);
    this.#marks = [];
    this.#chunks = [];
    this.#headOffset = 0;
    this.#played = this.#added;
    return marks;
  }
}
