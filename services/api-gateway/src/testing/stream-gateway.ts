import type { Logger } from '@wardline/observability';
import { createPostgresEgressLog } from '../adapters/postgres/egress-log.ts';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createPostgresIntegratorStore } from '../adapters/postgres/integrator-store.ts';
import { createEgressSignal } from '../app/egress-signal.ts';
import { createStreamGuests } from '../app/stream-guests.ts';
import type { Opener } from '../domain/egress-event.ts';
import { streamEndpoints, type StreamOptions } from '../entrypoints/stream-endpoints.ts';
import { startTestApp } from './test-app.ts';

/** One gateway instance as far as streams go: a database of its own client, a port of its own. */
export async function startStreamGateway(o: {
  readonly databaseUrl: string;
  readonly cipher: Opener;
  readonly logger: Logger;
  readonly perTenantMax?: number;
  readonly log?: (log: StreamOptions['log']) => StreamOptions['log'];
  readonly heartbeatMs?: number;
  readonly stalledMs?: number;
}) {
  const { logger, cipher } = o;
  const database = openGatewayDatabase(o.databaseUrl, logger);
  const log = createPostgresEgressLog(database);
  const signal = createEgressSignal({ log, logger, everyMs: 50 });
  const store = createPostgresIntegratorStore(database);
  const guests = createStreamGuests({ store, logger, perTenantMax: o.perTenantMax ?? 20 });
  const app = await startTestApp({
    endpoints: streamEndpoints({
      ...{ guests, log: o.log?.(log) ?? log, signal, cipher, logger },
      ...(o.heartbeatMs === undefined ? {} : { heartbeatMs: o.heartbeatMs }),
      ...(o.stalledMs === undefined ? {} : { stalledMs: o.stalledMs }),
    }),
    logger,
  });
  const { server } = app;
  await Promise.all([signal.start(), guests.start()]);
  return {
    url: `${app.url}/events/stream`,
    ...{ database, log, store, guests, signal, server },
    /** As an instance that is asked to stop: streams end by themselves. */
    drain: () => guests.drain?.() ?? Promise.resolve(),
    async stop() {
      await guests.close();
      await app.close();
      await signal.close();
      await database.close();
    },
  };
}

export type StreamGateway = Awaited<ReturnType<typeof startStreamGateway>>;
