/** One line of the audit. Ids and words only: the audit holds no personal data itself. */
export interface AuditEntry {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: string;
  /** A word such as `calls.read`; of a refused attempt, the endpoint's id. */
  readonly action: string;
  /** `kind/id`, `kind`, or the path of what was refused. */
  readonly subject: string;
  readonly outcome: 'done' | 'refused';
  readonly details: Readonly<Record<string, unknown>>;
}

/** Where the audit is written, and never changed. Fake: `MemoryAuditTrail` in testing/. */
export interface AuditTrail {
  /** Resolves when the line is durable. */
  record(entry: AuditEntry): Promise<void>;
}
