import type { Clock } from '../ports/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time and runs what has become due, in order. */
  advance(byMs: number): void;
  /** Forgets what was planned, as a crash does. */
  forget(): void;
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startAt = Date.now()): ManualClock {
  let time = startAt;
  let planned: { at: number; work: () => void }[] = [];
  return {
    now: () => time,
    after(delayMs, work) {
      const entry = { at: time + delayMs, work };
      planned.push(entry);
      return () => void (planned = planned.filter((other) => other !== entry));
    },
    advance(byMs) {
      const until = time + byMs;
      for (;;) {
        const next = planned.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        planned = planned.filter((other) => other !== next);
        time = Math.max(time, next.at);
        next.work();
      }
      time = until;
    },
    forget: () => void (planned = []),
  };
}
