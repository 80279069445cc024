/** Elapsed time is monotonic; wall time is for records. Fake: `testing/fake-clock.ts`. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall time in ms since the epoch. */
  wall(): number;
}

export const systemClock: Clock = { now: () => performance.now(), wall: () => Date.now() };
