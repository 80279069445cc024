import { campaigns as contract, flows, patients, telephony } from '@wardline/contracts';
import { createEventBus, uuidv7, type EventBus } from '@wardline/event-bus';
import { createConfiguredCipher, type FieldCipher } from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import { createRpcClient, createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle } from '@wardline/service-runtime';
import { createCsvTableReader } from './adapters/csv/csv-table-reader.ts';
import { createPhoneNumbers } from './adapters/phone-numbers.ts';
import { openCampaignsDatabase } from './adapters/postgres/campaigns-database.ts';
import { createPostgresCallBlocks } from './adapters/postgres/postgres-call-blocks.ts';
import { createPostgresCampaignStore } from './adapters/postgres/postgres-campaign-store.ts';
import { createPostgresClinics } from './adapters/postgres/postgres-clinics.ts';
import { createPostgresDialQueue } from './adapters/postgres/postgres-dial-queue.ts';
import { createPostgresRecipientImport } from './adapters/postgres/postgres-recipient-import.ts';
import { createPostgresRecipientList } from './adapters/postgres/postgres-recipient-list.ts';
import { createPostgresRegistrations } from './adapters/postgres/postgres-registrations.ts';
import { createRpcCallLookup, createRpcFlows, createRpcOutreach } from './adapters/rpc-neighbours.ts';
import { checkLiveCalls, takeBackExpired } from './app/recover-attempts.ts';
import { registerPatients } from './app/register-patients.ts';
import { takeTurns } from './app/take-turns.ts';
import type { CampaignsConfig } from './config.ts';
import { consumeAppointments } from './entrypoints/appointment-events.ts';
import { background } from './entrypoints/background.ts';
import { blockHandlers } from './entrypoints/block-handlers.ts';
import { consumeCalls } from './entrypoints/call-events.ts';
import { campaignHandlers } from './entrypoints/campaign-handlers.ts';
import { diallingAllow, diallingRoutes } from './entrypoints/dialling-service.ts';
import { consumeDirectory } from './entrypoints/directory-events.ts';
import { importHandlers } from './entrypoints/import-handlers.ts';
import { consumePatients } from './entrypoints/patient-events.ts';
import { recipientHandlers } from './entrypoints/recipient-handlers.ts';

export { parseConfig, type CampaignsConfig } from './config.ts';
export { campaignsSchema } from './schema.ts';

const RECOVER_EVERY_MS = 2_000;
const REGISTER_EVERY_MS = 1_000;

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface CampaignsDeps {
  readonly logger: Logger;
  readonly eventBus?: EventBus;
  readonly cipher?: FieldCipher;
  /** Milliseconds since 1970; another clock only in tests. */
  readonly now?: () => number;
}

export function compose(config: CampaignsConfig, deps: CampaignsDeps) {
  const { logger } = deps;
  const now = deps.now ?? Date.now;
  const cipher = deps.cipher ?? createConfiguredCipher(config.keyring);
  const eventBus = deps.eventBus ?? createEventBus(config.eventBus, { logger, service: 'campaigns' });
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'campaigns' });
  const database = openCampaignsDatabase(config.databaseUrl, logger);
  const { policy } = config;
  const patientsClient = createRpcClient(patients.PatientsService, {
    ...{ baseUrl: config.patientsUrl, callee: 'patients', tokens },
  });
  const telephonyClient = createRpcClient(telephony.CallControlService, {
    ...{ baseUrl: config.telephonyUrl, callee: 'telephony-gateway', tokens },
  });
  const flowsClient = createRpcClient(flows.FlowService, {
    ...{ baseUrl: config.brainUrl, callee: 'conversation-brain', tokens },
  });
  const outreach = createRpcOutreach(patientsClient.forTenant);
  const queue = createPostgresDialQueue({ database, cipher, policy });
  const store = createPostgresCampaignStore({ database, policy });
  const blocks = createPostgresCallBlocks({ database, cipher, policy });
  const recipients = createPostgresRecipientList({ database, cipher, policy });
  const registrations = createPostgresRegistrations({ database, cipher });
  const phones = createPhoneNumbers();
  const imports = createPostgresRecipientImport({
    connectionString: config.databaseUrl,
    ...{ database, cipher, logger },
  });
  const recover = { queue, calls: createRpcCallLookup(telephonyClient.forTenant), now, logger };
  const rpc = createRpcServer({
    service: 'campaigns',
    host: config.host,
    port: config.rpcPort,
    tokens,
    logger,
    allow: { ...diallingAllow, [`${contract.CampaignsService.typeName}/*`]: ['api-gateway', 'standalone'] },
    routes: (router) => {
      diallingRoutes({ queue, outreach, now, logger })(router);
      router.service(contract.CampaignsService, {
        ...campaignHandlers({
          ...{ store, phones, now, newId: uuidv7 },
          flows: createRpcFlows(flowsClient.forTenant),
        }),
        ...importHandlers({ imports, phones, tables: createCsvTableReader(), newId: uuidv7, now }),
        ...recipientHandlers({ recipients, now }),
        ...blockHandlers({ blocks, phones, now }),
      });
    },
  });
  const closing = (name: string, close: () => void | Promise<void>) => ({
    name,
    start: async () => {},
    close: async () => close(),
  });
  const lifecycle = composeLifecycle(
    [
      closing('database', () => database.close()),
      closing('import connections', () => imports.close()),
      closing('rpc clients', () => {
        for (const client of [patientsClient, telephonyClient, flowsClient]) client.close();
      }),
      consumeDirectory(eventBus, createPostgresClinics(database)),
      consumeCalls(eventBus, { queue, now }),
      consumePatients(eventBus, { blocks, now }),
      consumeAppointments(eventBus, { blocks, now }),
      rpc,
      background(
        [
          { name: 'turns', everyMs: config.tickMs, work: () => takeTurns({ queue, now, logger }) },
          { name: 'expired attempts', everyMs: RECOVER_EVERY_MS, work: () => takeBackExpired(recover) },
          { name: 'live calls', everyMs: RECOVER_EVERY_MS, work: () => checkLiveCalls(recover) },
          {
            name: 'registrations',
            everyMs: REGISTER_EVERY_MS,
            work: (signal) => registerPatients({ registrations, outreach, now, logger }, signal),
          },
        ],
        logger,
      ),
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that CampaignsService and DiallingService listen on, once started. */
    get rpcPort(): number {
      return rpc.port;
    },
    /** Does at once what the clock would do next; for tests. */
    tick: async (): Promise<void> => {
      await takeBackExpired(recover);
      await checkLiveCalls(recover);
      await takeTurns({ queue, now, logger });
    },
  };
}
