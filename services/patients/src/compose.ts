import { uuidv7 } from '@wardline/event-bus';
import {
  createConfiguredCipher,
  createResealRounds,
  resealTenant,
  type FieldCipher,
} from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle } from '@wardline/service-runtime';
import { openPatientsDatabase } from './adapters/postgres/patients-database.ts';
import { createPostgresConsentLedger } from './adapters/postgres/postgres-consent-ledger.ts';
import { createPostgresPeople } from './adapters/postgres/postgres-people.ts';
import { createPostgresSealedPeople } from './adapters/postgres/postgres-sealed-people.ts';
import type { PatientsConfig } from './config.ts';
import { allowedCallers, patientsRoutes } from './entrypoints/patients-rpc.ts';
import { resealing } from './entrypoints/resealing.ts';

export { parseConfig, type PatientsConfig } from './config.ts';
export { patientsSchema } from './schema.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface PatientsDeps {
  readonly logger: Logger;
  readonly cipher?: FieldCipher;
  /** Milliseconds since 1970; another clock only in tests. */
  readonly now?: () => number;
}

export function compose(config: PatientsConfig, deps: PatientsDeps) {
  const { logger } = deps;
  const cipher = deps.cipher ?? createConfiguredCipher(config.keyring);
  const database = openPatientsDatabase(config.databaseUrl, logger);
  const adapters = { database, cipher, newId: uuidv7, now: deps.now ?? Date.now };
  const sealed = createPostgresSealedPeople({ database, cipher });
  const rpc = createRpcServer({
    service: 'patients',
    host: config.host,
    port: config.rpcPort,
    tokens: createServiceTokens({ key: config.serviceKey, service: 'patients' }),
    logger,
    allow: allowedCallers,
    routes: patientsRoutes({
      people: createPostgresPeople(adapters),
      ledger: createPostgresConsentLedger(adapters),
    }),
  });
  const lifecycle = composeLifecycle(
    [
      { name: 'database', start: async () => {}, close: () => database.close() },
      resealing(createResealRounds(sealed, cipher), logger),
      rpc,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that PatientsService listens on, once started. */
    get rpcPort(): number {
      return rpc.port;
    },
    /** Moves a tenant's rows to its current key now rather than within a minute; answers how many values it moved. */
    reseal: (tenantId: string): Promise<number> => resealTenant(sealed, tenantId),
  };
}
