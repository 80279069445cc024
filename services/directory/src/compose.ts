import { demo } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle } from '@wardline/service-runtime';
import { openDirectoryDatabase } from './adapters/postgres/directory-database.ts';
import { createPostgresDirectoryStore } from './adapters/postgres/postgres-directory-store.ts';
import { createPostgresTenantLookup } from './adapters/postgres/postgres-tenant-lookup.ts';
import { createScryptPasswords } from './adapters/scrypt-passwords.ts';
import { seedDemo } from './app/seed-demo.ts';
import type { DirectoryConfig } from './config.ts';
import { allowedCallers, directoryRoutes } from './entrypoints/directory-rpc.ts';

export { parseConfig, type DirectoryConfig } from './config.ts';
export { directorySchema } from './schema.ts';

export interface DirectoryDeps {
  readonly logger: Logger;
}

export function compose(config: DirectoryConfig, deps: DirectoryDeps) {
  const { logger } = deps;
  const database = openDirectoryDatabase(config.databaseUrl, logger);
  const store = createPostgresDirectoryStore(database);
  const lookup = createPostgresTenantLookup(database);
  const passwords = createScryptPasswords();
  const rpc = createRpcServer({
    service: 'directory',
    host: config.host,
    port: config.rpcPort,
    tokens: createServiceTokens({ key: config.serviceKey, service: 'directory' }),
    logger,
    allow: allowedCallers,
    routes: directoryRoutes({ store, lookup, passwords, newId: uuidv7 }),
  });
  const lifecycle = composeLifecycle(
    [
      {
        name: 'database',
        start: () => (config.demo ? seedDemo({ store, passwords }, demo.clinics) : Promise.resolve()),
        close: () => database.close(),
      },
      rpc,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that DirectoryService listens on, once started. */
    get rpcPort(): number {
      return rpc.port;
    },
    /** Replaces a clinic and announces it when its public facts changed. */
    saveClinic: store.saveClinic,
  };
}
