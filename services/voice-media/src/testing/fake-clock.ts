import type { Clock } from '../ports/clock.ts';

/** Stands until it is moved. */
export class FakeClock implements Clock {
  #now = 1_000;
  readonly #offset = 1_800_000_000_000;

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#offset + this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}
