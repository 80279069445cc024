import { directory } from '@wardline/contracts';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createTestClients } from '@wardline/rpc/testing';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { compose } from '../compose.ts';
import { directorySchema } from '../schema.ts';

/** The whole service as it runs, with a real database and real RPC over a socket, and the demo hospitals in place. */
export async function startDirectory() {
  const database = await startTestDatabase({ services: [directorySchema] });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const logger = createRecordingLogger('directory');
  const config = {
    host: '127.0.0.1',
    rpcPort: 0,
    databaseUrl: database.url('wardline_directory'),
    serviceKey: randomBytes(32).toString('base64'),
    demo: true,
  };
  let service = compose(config, { logger });
  await service.start();
  const clients = createTestClients(directory.DirectoryService, {
    callee: 'directory',
    serviceKey: config.serviceKey,
    port: () => service.rpcPort,
  });
  return {
    config,
    get service() {
      return service;
    },
    database,
    /** Superuser: what is really in the tables. */
    admin,
    logger,
    clientAs: clients.clientAs,
    /** Ends the service and starts it anew on the same database; clients made before lead nowhere. */
    async restart(): Promise<void> {
      await service.stop();
      service = compose(config, { logger });
      await service.start();
    },
    async stop(): Promise<void> {
      clients.close();
      await service.stop();
      await admin.end();
      await database.stop();
    },
  };
}

export type RunningDirectory = Awaited<ReturnType<typeof startDirectory>>;
