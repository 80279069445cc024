/**
 * What is to be sent on a stream, as the iterable that the RPC client pulls. Bounded: a peer that takes nothing for this
 * long has to be treated as broken, not waited for.
 */
export class Outgoing<T> implements AsyncIterable<T> {
  readonly #max: number;
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** @returns false when the bound is reached; the item is then not taken */
  push(item: T): boolean {
    if (this.#ended) return true;
    if (this.#items.length >= this.#max) return false;
    this.#items.push(item);
    this.#wake?.();
    return true;
  }

  /** What was pushed before is still handed out. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
