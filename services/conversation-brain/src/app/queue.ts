/** A first-in first-out queue of bounded length between those who push and one who reads. */
export interface Queue<T> extends AsyncIterable<T> {
  /** False when it is full or ended; then the item was not taken. */
  push(item: T): boolean;
  /** No more items; the reader ends after those that wait, or with the error. */
  end(error?: unknown): void;
}

export function createQueue<T>(lengthMax: number): Queue<T> {
  const items: T[] = [];
  let ended: { error?: unknown } | undefined;
  let wake: (() => void) | undefined;
  return {
    push(item) {
      if (ended || items.length >= lengthMax) return false;
      items.push(item);
      wake?.();
      return true;
    },
    end(error) {
      ended ??= error === undefined ? {} : { error };
      wake?.();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          yield item;
          continue;
        }
        if (ended) {
          if ('error' in ended) throw ended.error;
          return;
        }
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
      }
    },
  };
}
