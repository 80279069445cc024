import type { SessionStore, StaffSession } from '../ports/session-store.ts';

/** Fake of `SessionStore`; `hashes` shows what reached it. */
export class MemorySessionStore implements SessionStore {
  readonly hashes = new Map<string, StaffSession>();

  async create(sessionHash: string, session: StaffSession): Promise<void> {
    this.hashes.set(sessionHash, session);
  }

  async find(sessionHash: string): Promise<StaffSession | undefined> {
    return this.hashes.get(sessionHash);
  }

  async end(sessionHash: string, tenantId: string): Promise<void> {
    if (this.hashes.get(sessionHash)?.tenantId === tenantId) this.hashes.delete(sessionHash);
  }
}
