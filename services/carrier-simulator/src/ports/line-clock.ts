export interface LineClock {
  /** Called every 20 ms until the returned function is called. A listener must not throw. */
  subscribe(tick: () => void): () => void;
  /** How late ticks have been since the last reading: the simulator's own share in any figure. */
  lag(): { readonly msMax: number };
  close(): void;
}
