import { createHash } from 'node:crypto';

/** One user's question, as far as two of them are the same look. */
export interface Look {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: string;
  readonly action: string;
  readonly subject: string;
  /** Filters, and which page of a list. */
  readonly query: unknown;
}

/**
 * Looks that the audit has a line of, for as long as the same look needs no other one. Of this instance only, and the oldest
 * are forgotten beyond `most`: what is not known here is recorded, so that there may be a line too many, never one too few.
 */
export function createRecentLooks({ nowMs = () => performance.now(), most = 20_000 } = {}) {
  /** By hash, in the order in which they were recorded: until when. */
  const until = new Map<string, number>();
  return {
    has: (look: Look): boolean => (until.get(keyOf(look)) ?? -Infinity) > nowMs(),
    /** @param forMs from now on, however often it is asked meanwhile */
    add(look: Look, forMs: number): void {
      const key = keyOf(look);
      until.delete(key);
      until.set(key, nowMs() + forMs);
      for (const oldest of until.keys()) {
        if (until.size <= most) break;
        until.delete(oldest);
      }
    },
  };
}
export type RecentLooks = ReturnType<typeof createRecentLooks>;

/** A hash: filters are personal, and of any length. */
function keyOf({ tenantId, userId, role, action, subject, query }: Look): string {
  const text = JSON.stringify([tenantId, userId, role, action, subject, query]);
  return createHash('sha256').update(text).digest('base64');
}
