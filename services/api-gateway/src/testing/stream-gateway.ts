import type { Logger } from '@wardline/observability';
import express from 'express';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPostgresEgressLog } from '../adapters/postgres/egress-log.ts';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createPostgresIntegratorStore } from '../adapters/postgres/integrator-store.ts';
import { createEgressSignal } from '../app/egress-signal.ts';
import { createStreamGuests } from '../app/stream-guests.ts';
import type { Opener } from '../domain/egress-event.ts';
import { problemHandler } from '../entrypoints/problem.ts';
import { streamRoutes, type StreamRoutesOptions } from '../entrypoints/stream-routes.ts';

/** One gateway instance as far as streams go: a database of its own client, a port of its own. */
export async function startStreamGateway(o: {
  readonly databaseUrl: string;
  readonly cipher: Opener;
  readonly logger: Logger;
  readonly perTenantMax?: number;
  readonly log?: (log: StreamRoutesOptions['log']) => StreamRoutesOptions['log'];
  readonly heartbeatMs?: number;
  readonly stalledMs?: number;
}) {
  const { logger, cipher } = o;
  const database = openGatewayDatabase(o.databaseUrl, logger);
  const log = createPostgresEgressLog(database);
  const signal = createEgressSignal({ log, logger, everyMs: 50 });
  const store = createPostgresIntegratorStore(database);
  const guests = createStreamGuests({ store, logger, perTenantMax: o.perTenantMax ?? 20 });
  const app = express();
  app.use(
    '/api/v1',
    streamRoutes({
      ...{ guests, log: o.log?.(log) ?? log, signal, cipher, logger },
      ...(o.heartbeatMs === undefined ? {} : { heartbeatMs: o.heartbeatMs }),
      ...(o.stalledMs === undefined ? {} : { stalledMs: o.stalledMs }),
    }),
  );
  app.use(problemHandler(logger));
  const server = http.createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await Promise.all([signal.start(), guests.start()]);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/events/stream`,
    ...{ database, log, store, guests, signal, server },
    /** As an instance that is asked to stop: streams end by themselves. */
    drain: () => guests.drain?.() ?? Promise.resolve(),
    async stop() {
      await guests.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await signal.close();
      await database.close();
    },
  };
}

export type StreamGateway = Awaited<ReturnType<typeof startStreamGateway>>;
