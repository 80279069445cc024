/** The child's side of `worker.ts`. */
export function readOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}

export const tell = (message: object): void => void process.send?.(message);

export function onMessage(handle: (message: Record<string, unknown>) => void): void {
  process.on('message', (message) => handle(message as Record<string, unknown>));
}

/** Ends with the parent's word, or with the parent. */
export function endWith(close: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void close().finally(() => process.exit(0));
  };
  process.on('disconnect', end);
  onMessage((message) => {
    if (message['end'] === true) end();
  });
}
