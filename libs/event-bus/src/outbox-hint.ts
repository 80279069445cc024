const listeners = new Set<() => void>();

/**
 * Tells the relay, when it runs in this process, that an outbox row is about to be committed. Only a hint that makes it
 * look sooner: it looks on its own anyway, and rows written by other processes come without one.
 */
export function hintOutboxWritten(): void {
  for (const listener of listeners) listener();
}

export function onOutboxWritten(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
