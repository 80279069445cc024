import type { AuditSubject } from '../domain/audit-subjects.ts';

/** One line of the audit. Ids and words only: the audit holds no personal data itself. */
export interface AuditEntry {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: string;
  /** A word such as `calls.read`; of a refused attempt, the endpoint's id. */
  readonly action: string;
  /** `kind/id`, `kind`, or the path of what was refused. */
  readonly subject: AuditSubject | `/${string}`;
  readonly outcome: 'done' | 'refused';
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditLine extends Omit<AuditEntry, 'subject'> {
  /** As it was written, by whatever version. */
  readonly subject: string;
  /** Of the hospital's own chain, without gaps, from 1 on. */
  readonly position: bigint;
  readonly at: Date;
}

export interface AuditFilter {
  readonly userId?: string;
  readonly action?: string;
  /** Exactly so, or everything of a kind: `call` finds `call/…`. */
  readonly subject?: string;
  readonly outcome?: 'done' | 'refused';
  readonly from?: Date;
  readonly to?: Date;
  /** Only lines before this position. */
  readonly before?: bigint;
  readonly limit: number;
}

/** Where the audit is written, and never changed. Fake: `MemoryAuditTrail` in testing/. */
export interface AuditTrail {
  /** Resolves when the line is durable. */
  record(entry: AuditEntry): Promise<void>;
}

/** What auditors look at. Newest first. */
export interface AuditReader {
  list(tenantId: string, filter: AuditFilter): Promise<readonly AuditLine[]>;
  /** Whether lines were changed or removed behind our back; `brokenAt` is the first position that is not what it was. */
  check(tenantId: string): Promise<{ readonly lines: bigint; readonly brokenAt: bigint | undefined }>;
}
