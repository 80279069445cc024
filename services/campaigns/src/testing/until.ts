import { setTimeout as pause } from 'node:timers/promises';

/** The first answer that is neither false nor undefined, asking again and again. The bound is for what never comes. */
export async function until<T>(
  ask: () => T | false | undefined | Promise<T | false | undefined>,
): Promise<T> {
  for (const since = performance.now(); performance.now() - since < 90_000; await pause(10)) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error('it did not come to that');
}
