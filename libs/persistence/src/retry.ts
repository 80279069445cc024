/** How long to wait before the next attempt: exponential from 2 ms to 250 ms with full jitter. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(250, 2 * 2 ** attempt);
  // At least 1 ms, so that the transaction that won gets to commit before we ask again.
  return 1 + random * (ceiling - 1);
}
