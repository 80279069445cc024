import type { Clock } from '../ports/clock.ts';

export interface Paced {
  /** Called about every 20 ms with the present instant. Must not throw and must not wait. */
  onTick(now: number): void;
}

/**
 * One clock for all calls: a tick each 20 ms against an absolute monotonic schedule, so that a late tick is not
 * inherited by the next one. A stalled process skips the ticks it missed; the calls look at the instant and catch up.
 */
export class PacingClock {
  readonly #clock: Clock;
  readonly #onLag: (ms: number) => void;
  readonly #paced = new Set<Paced>();
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(o: { clock: Clock; onLag: (ms: number) => void }) {
    this.#clock = o.clock;
    this.#onLag = o.onLag;
  }

  add(paced: Paced): void {
    this.#paced.add(paced);
    if (this.#timer !== undefined) return;
    this.#next = this.#clock.now() + tickMs;
    this.#schedule();
  }

  /** Without calls the clock stands: an idle process does not wake up fifty times a second. */
  remove(paced: Paced): void {
    this.#paced.delete(paced);
    if (this.#paced.size > 0 || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, this.#next - this.#clock.now()));
  }

  #tick(): void {
    const now = this.#clock.now();
    // Timers fire up to a millisecond early; that is not a lag.
    this.#onLag(Math.max(0, now - this.#next));
    this.#next += tickMs;
    if (this.#next <= now) this.#next += Math.ceil((now - this.#next) / tickMs) * tickMs;
    for (const paced of this.#paced) paced.onTick(now);
    if (this.#paced.size > 0) this.#schedule();
  }
}

export const tickMs = 20;
