/** Removes what has run out, across tenants: expired holds, and idempotency records older than 48 hours. */
export interface Sweeper {
  sweep(): Promise<{ holds: number; idempotencyRecords: number }>;
}
