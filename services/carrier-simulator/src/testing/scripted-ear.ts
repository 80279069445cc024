import type { CallerEar } from '../ports/caller-ear.ts';

/** Hears these texts, one for each turn of the agent, whatever is played; then nothing. */
export function createScriptedEar(...texts: string[]): CallerEar {
  return {
    open: () => ({ begin() {}, push() {}, finish: () => Promise.resolve(texts.shift() ?? ''), close() {} }),
    close: () => Promise.resolve(),
  };
}
