/** How many frames wait for a missing one; at 20 ms each this is the delay that a lost frame costs. */
const windowFramesMax = 4;
/** So many late ones in a row are not late: the carrier has begun to count anew. */
const lateFramesMax = 25;

export interface NumberedChunk {
  /** Counted by the carrier; undefined when it does not count. */
  readonly chunk: number | undefined;
  readonly payload: Uint8Array;
}

/**
 * Puts chunks in order by their number. An early one waits until the missing one comes or the window is full; a late or
 * repeated one is dropped. Emits at once as long as the order holds.
 */
export function createChunkOrder(onDropped: (reason: 'late' | 'lost') => void) {
  const waiting = new Map<number, Uint8Array>();
  let expected: number | undefined;
  let lateInARow = 0;

  return function order({ chunk, payload }: NumberedChunk, emit: (payload: Uint8Array) => void): void {
    if (chunk === undefined) return emit(payload);
    expected ??= chunk;
    if (chunk < expected && ++lateInARow > lateFramesMax) {
      waiting.clear();
      expected = chunk;
    }
    if (chunk < expected || waiting.has(chunk)) return onDropped('late');
    lateInARow = 0;
    waiting.set(chunk, payload);
    if (chunk > expected && waiting.size > windowFramesMax) {
      const next = Math.min(...waiting.keys());
      onDropped('lost');
      expected = next;
    }
    for (let found = waiting.get(expected); found !== undefined; found = waiting.get(expected)) {
      waiting.delete(expected);
      expected += 1;
      emit(found);
    }
  };
}
