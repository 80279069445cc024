/**
 * Wraps a stream so that every step of it runs through `run` (an active span, an error mapping), and `onEnd` is called
 * once, whether it ends, fails or is given up. A generator's body continues in the context of whoever asks for its next
 * element, hence per step.
 */
export function wrapStream<T>(
  source: AsyncIterable<T>,
  run: <R>(step: () => Promise<R>) => Promise<R>,
  onEnd: (error?: unknown) => void,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      return {
        async next() {
          try {
            const result = await run(() => inner.next());
            if (result.done) onEnd();
            return result;
          } catch (error) {
            onEnd(error);
            throw error;
          }
        },
        async return(value?: unknown) {
          onEnd();
          return (await inner.return?.(value)) ?? { done: true, value: undefined };
        },
        async throw(error?: unknown) {
          onEnd(error);
          if (inner.throw) return inner.throw(error);
          throw error;
        },
      };
    },
  };
}
