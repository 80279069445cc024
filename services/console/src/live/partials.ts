import { useSyncExternalStore } from 'react';

/** What a caller is saying right now, before it is final. Replaced with every partial, gone with the final line. */
const texts = new Map<string, string>();
const listeners = new Set<() => void>();

export function setPartial(call: string, text: string | undefined): void {
  if (texts.get(call) === text) return;
  if (text) texts.set(call, text);
  else texts.delete(call);
  for (const listener of [...listeners]) listener();
}

export const usePartial = (call: string): string | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => texts.get(call),
  );
