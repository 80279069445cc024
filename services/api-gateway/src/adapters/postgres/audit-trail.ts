import type { AuditEntry, AuditFilter, AuditLine, AuditReader, AuditTrail } from '../../ports/audit-trail.ts';
import type { GatewayDatabase } from './gateway-database.ts';

/** Lines of one transaction. */
const BATCH_MAX = 200;
/** Lines that wait, of one hospital; beyond it a line is refused, and with it what it would have recorded. */
const WAITING_MAX = 2_000;

interface Waiting {
  readonly entry: AuditEntry;
  readonly done: () => void;
  readonly failed: (reason: unknown) => void;
}

/**
 * The audit in Postgres: one chain per hospital, so its lines are written one after the other. Those that come while a
 * transaction is under way share the next one.
 */
export function createPostgresAuditTrail(
  database: Pick<GatewayDatabase, 'inTenant'>,
): AuditTrail & AuditReader {
  const waiting = new Map<string, Waiting[]>();
  const inOneStep = { isolation: 'ReadCommitted', deadlineMs: 5_000 } as const;

  async function write(tenantId: string): Promise<void> {
    for (;;) {
      const batch = waiting.get(tenantId)?.splice(0, BATCH_MAX) ?? [];
      if (batch.length === 0) {
        waiting.delete(tenantId);
        return;
      }
      const lines = batch.map(({ entry: { tenantId: _, ...line } }) => line);
      try {
        await database.inTenant(
          tenantId,
          (tx) => tx.$executeRaw`SELECT gateway.append_audit(${JSON.stringify(lines)}::jsonb)`,
          inOneStep,
        );
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
  }

  return {
    record: (entry) =>
      new Promise<void>((done, failed) => {
        const queue = waiting.get(entry.tenantId);
        if (queue && queue.length >= WAITING_MAX)
          return failed(new Error('too many lines of the audit wait to be written'));
        if (queue) return void queue.push({ entry, done, failed });
        waiting.set(entry.tenantId, [{ entry, done, failed }]);
        void write(entry.tenantId);
      }),

    list: (tenantId, filter) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const rows = await tx.audit.findMany({
            where: whereOf(filter),
            orderBy: { position: 'desc' },
            take: filter.limit,
          });
          return rows.map(({ userId, role, action, subject, outcome, details, position, at }): AuditLine => ({
            ...{ tenantId, userId, role, action, subject, position, at },
            outcome: outcome === 'done' ? 'done' : 'refused',
            details: details as Record<string, unknown>,
          }));
        },
        inOneStep,
      ),

    check: (tenantId) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const [found] = await tx.$queryRaw<
            { lines: bigint; broken_at: bigint | null }[]
          >`SELECT * FROM gateway.check_audit()`;
          return { lines: found?.lines ?? 0n, brokenAt: found?.broken_at ?? undefined };
        },
        { isolation: 'ReadCommitted', deadlineMs: 30_000 },
      ),
  };
}

function whereOf({ userId, action, subject, outcome, from, to, before }: AuditFilter) {
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(action === undefined ? {} : { action }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(subject === undefined ? {} : { OR: [{ subject }, { subject: { startsWith: `${subject}/` } }] }),
    ...(from === undefined && to === undefined
      ? {}
      : { at: { ...(from ? { gte: from } : {}), ...(to ? { lt: to } : {}) } }),
    ...(before === undefined ? {} : { position: { lt: before } }),
  };
}
