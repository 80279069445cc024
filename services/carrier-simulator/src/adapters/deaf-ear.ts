import type { CallerEar } from '../ports/caller-ear.ts';

/** Hears that somebody speaks and nothing of what is said: where no recogniser is installed, and in tests. */
export function createDeafEar(): CallerEar {
  return {
    open: () => ({ begin() {}, push() {}, finish: () => Promise.resolve(''), close() {} }),
    close: () => Promise.resolve(),
  };
}
