import type { Logger } from '@wardline/observability';
import { isConstraintViolation } from '@wardline/persistence';
import { checkFlow } from '../../domain/script/check-flow.ts';
import { type Flow, flowSchema } from '../../domain/script/flow.ts';
import type { FlowLibrary, StoredFlow } from '../../ports/flow-library.ts';
import type { BrainDatabase } from './brain-database.ts';

const deadlineMs = 2_000;
const flowsMax = 200;
/** Versions never change, and every call begins with one. */
const keptMax = 500;

interface Row {
  readonly flowId: string;
  readonly version: number;
  readonly title: string;
  readonly definition: unknown;
  readonly savedAt: Date;
}

/** The scripts of a hospital in the schema `brain`, over the ready ones, which are version 1 of their id. */
export function createPostgresFlowLibrary(
  database: BrainDatabase,
  ready: readonly StoredFlow[],
  logger: Logger,
): FlowLibrary {
  const kept = new Map<string, StoredFlow>();
  const options = { isolation: 'ReadCommitted', deadlineMs, idempotent: true } as const;

  function keep(tenantId: string, row: Row): StoredFlow | undefined {
    const key = `${tenantId} ${row.flowId} ${row.version}`;
    const known = kept.get(key);
    if (known) return known;
    // Written by an older Wardline with rules that were less strict: not run rather than run wrongly.
    if (checkFlow(row.definition).length > 0) {
      logger.error('a stored script has problems and is not used', {
        flow: row.flowId,
        version: row.version,
      });
      return undefined;
    }
    const flow = flowSchema.parse(row.definition);
    const { flowId, version, title, savedAt } = row;
    const stored = { flowId, version, title, flow, definition: written(flow), readyMade: false, savedAt };
    if (kept.size >= keptMax) kept.clear();
    kept.set(key, stored);
    return stored;
  }

  return {
    async list(tenantId) {
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.flow.findMany({
            where: { tenantId },
            orderBy: [{ flowId: 'asc' }, { version: 'desc' }],
            distinct: ['flowId'],
            take: flowsMax,
          }),
        options,
      );
      const own = rows.flatMap((row) => keep(tenantId, row) ?? []);
      const others = ready.filter(({ flowId }) => !own.some((one) => one.flowId === flowId));
      return [...own, ...others].sort((a, b) => a.flowId.localeCompare(b.flowId));
    },

    async get(tenantId, flowId, version) {
      const builtIn = ready.find((one) => one.flowId === flowId);
      if (builtIn && version === builtIn.version) return builtIn;
      const known = kept.get(`${tenantId} ${flowId} ${version}`);
      if (known) return known;
      const row = await database.inTenant(
        tenantId,
        (tx) =>
          tx.flow.findFirst({
            where: { tenantId, flowId, ...(version === 0 ? {} : { version }) },
            orderBy: { version: 'desc' },
          }),
        options,
      );
      if (row) return keep(tenantId, row);
      return version === 0 ? builtIn : undefined;
    },

    async save(tenantId, { flowId, title, flow, afterVersion }) {
      const first = ready.some((one) => one.flowId === flowId) ? 1 : 0;
      const version = afterVersion + 1;
      try {
        const row = await database.inTenant(
          tenantId,
          async (tx) => {
            const newest = await tx.flow.findFirst({
              where: { tenantId, flowId },
              orderBy: { version: 'desc' },
              select: { version: true },
            });
            if ((newest?.version ?? first) !== afterVersion) return undefined;
            return tx.flow.create({ data: { tenantId, flowId, version, title, definition: flow } });
          },
          { isolation: 'ReadCommitted', deadlineMs },
        );
        return row ? (keep(tenantId, row) ?? 'outdated') : 'outdated';
      } catch (error) {
        // Two at once made the same next version: the other one was first.
        if (isConstraintViolation(error, 'unique')) return 'outdated';
        throw error;
      }
    },
  };
}

/** As people read it; its members in the order in which the README has them. */
function written(flow: Flow): string {
  return `${JSON.stringify(flow, null, 2)}\n`;
}
