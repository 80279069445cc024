import { frameMs } from '../domain/sound.ts';
import type { LineClock } from '../ports/line-clock.ts';

/**
 * One clock for all calls: tick n is due at start + n·20 ms whatever happened before, so nothing drifts. After a stall
 * the missed ticks run one per turn of the event loop: the sockets are read between them, and our own delay does not
 * look like a hole in what the platform sent.
 */
export function createLineClock(now: () => number = () => performance.now()): LineClock {
  const listeners = new Set<() => void>();
  let due = 0;
  let lagMsMax = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function beat(): void {
    if (closed || listeners.size === 0) {
      timer = undefined;
      return;
    }
    const late = now() - due;
    if (late >= 0) {
      lagMsMax = Math.max(lagMsMax, late);
      due += frameMs;
      for (const tick of [...listeners]) tick();
    }
    const wait = due - now();
    if (wait <= 0) setImmediate(beat);
    // Timers are late by up to a millisecond or two: aim early, look again.
    else timer = setTimeout(beat, Math.max(1, Math.floor(wait) - 1));
  }

  return {
    subscribe(tick) {
      listeners.add(tick);
      if (listeners.size === 1 && timer === undefined) {
        due = now() + frameMs;
        timer = setTimeout(beat, frameMs - 2);
      }
      return () => listeners.delete(tick);
    },
    lag() {
      const reading = { msMax: Math.round(lagMsMax * 10) / 10 };
      lagMsMax = 0;
      return reading;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
