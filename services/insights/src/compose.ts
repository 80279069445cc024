import { createEventBus, uuidv7, type EventBus } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle } from '@wardline/service-runtime';
import { openInsightsDatabase } from './adapters/postgres/insights-database.ts';
import { createPostgresFactLog } from './adapters/postgres/postgres-fact-log.ts';
import { createPostgresFigures } from './adapters/postgres/postgres-figures.ts';
import { endGrace } from './app/end-grace.ts';
import type { InsightsConfig } from './config.ts';
import { consumeEvents } from './entrypoints/consume-events.ts';
import { graceTurns } from './entrypoints/grace-turns.ts';
import { allowedCallers, insightsRoutes } from './entrypoints/insights-rpc.ts';

export { parseConfig, type InsightsConfig } from './config.ts';
export { insightsSchema } from './schema.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface InsightsDeps {
  readonly logger: Logger;
  readonly eventBus?: EventBus;
  /** Milliseconds since 1970; another clock only in tests. */
  readonly now?: () => number;
}

export function compose(config: InsightsConfig, deps: InsightsDeps) {
  const { logger } = deps;
  const now = deps.now ?? Date.now;
  const eventBus = deps.eventBus ?? createEventBus(config.eventBus, { logger, service: 'insights' });
  const database = openInsightsDatabase(config.databaseUrl, logger);
  const log = createPostgresFactLog({ database, newId: uuidv7, now });
  const scoreOverdue = () => endGrace(log, { nowMs: now(), graceMs: config.graceMs });
  const rpc = createRpcServer({
    service: 'insights',
    host: config.host,
    port: config.rpcPort,
    tokens: createServiceTokens({ key: config.serviceKey, service: 'insights' }),
    logger,
    allow: allowedCallers,
    routes: insightsRoutes({ figures: createPostgresFigures(database), log }),
  });
  const lifecycle = composeLifecycle(
    [
      { name: 'database', start: async () => {}, close: () => database.close() },
      consumeEvents(eventBus, log),
      graceTurns({ turn: scoreOverdue, logger }),
      rpc,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that InsightsService listens on, once started. */
    get rpcPort(): number {
      return rpc.port;
    },
    /** Scores what is overdue now rather than at the next turn; answers how many calls. */
    scoreOverdue,
  };
}
