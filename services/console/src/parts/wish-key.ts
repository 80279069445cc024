import { useCallback, useRef } from 'react';

/**
 * A key for what creates something: the same as long as the same is wished, so that trying again creates nothing twice; another
 * one as soon as something else is wished.
 */
export function useWishKey(): (wish: unknown) => string {
  const last = useRef<{ readonly wish: string; readonly key: string }>(undefined);
  return useCallback((wish) => {
    const text = JSON.stringify(wish);
    if (last.current?.wish !== text) last.current = { wish: text, key: crypto.randomUUID() };
    return last.current.key;
  }, []);
}
