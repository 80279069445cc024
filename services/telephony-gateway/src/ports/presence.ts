export interface PresentSupervisor {
  readonly userId: string;
  readonly name: string;
  readonly since: number;
}

/** A supervisor counts as present for this long after they were seen; the console says so every 10 s. */
export const PRESENT_MS = 30_000;

/** Who is at their desk, for all instances. */
export interface Presence {
  seen(tenantId: string, who: { userId: string; name: string; at: number }): Promise<void>;
  left(tenantId: string, userId: string): Promise<void>;
  /** By name. */
  list(tenantId: string, at: number): Promise<PresentSupervisor[]>;
}
