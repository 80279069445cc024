/** Wall time in milliseconds, and something to do later. `ManualClock` in testing/ is moved by hand. */
export interface Clock {
  now(): number;
  /** Runs `work` once after `delayMs`, unless cancelled. Lost when the process ends: the sweeper does it then. */
  after(delayMs: number, work: () => void): () => void;
}
