import type { AuditEntry, AuditTrail } from '../ports/audit-trail.ts';

/** Fake of `AuditTrail`; `fails` makes it one that cannot be written. */
export class MemoryAuditTrail implements AuditTrail {
  readonly entries: AuditEntry[] = [];
  fails = false;

  async record(entry: AuditEntry): Promise<void> {
    if (this.fails) throw new Error('the audit is away');
    this.entries.push(entry);
  }
}
