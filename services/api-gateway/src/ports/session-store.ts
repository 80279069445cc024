/** Who is behind a request. The tenant of everything a request does comes from here and from nowhere else. */
export interface StaffSession {
  readonly tenantId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly role: string;
  readonly expiresAt: Date;
}

/** Where sessions live. Fake: `MemorySessionStore` in testing/. Only hashes of tokens reach it. */
export interface SessionStore {
  create(sessionHash: string, session: StaffSession): Promise<void>;
  find(sessionHash: string): Promise<StaffSession | undefined>;
  end(sessionHash: string, tenantId: string): Promise<void>;
}
