/** One thing that somebody did, saw or was refused. */
export interface AuditLine {
  /** Of the hospital's own chain, without gaps. */
  readonly position: number;
  readonly at: string;
  /** The id of the user. */
  readonly user: string;
  /** As which they asked. */
  readonly role: string;
  readonly action: string;
  /** "call/ID", or a kind; of a refused attempt, the path. */
  readonly subject: string;
  readonly outcome: 'done' | 'refused';
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  readonly user: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  /** ISO 8601 instants: not before, and before. */
  readonly from: string;
  readonly to: string;
}

export interface Integrity {
  readonly lines: number;
  readonly intact: boolean;
  /** The first position that is missing, or not what it was. */
  readonly brokenAt: number | null;
}
