import * as appointments from '@wardline/appointments';
import { loadConfig } from '@wardline/config';
import * as brain from '@wardline/conversation-brain';
import * as directory from '@wardline/directory';
import { createPostgresLog } from '@wardline/event-bus';
import { createFieldCipher, createFileKeyring } from '@wardline/field-encryption';
import { createMemoryKeyValue, keyValueRoutes } from '@wardline/key-value';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import * as telephony from '@wardline/telephony-gateway';
import { z } from 'zod';
import { runProcess, serviceComponent } from './run-process.ts';

const schema = z.object({
  WARDLINE_DB_BUS: z.url(),
  WARDLINE_SERVICE_KEY: z.string(),
  WARDLINE_MASTER_KEY: z.string(),
  WARDLINE_KEYS_DIR: z.string(),
  WARDLINE_KEYVALUE_RPC_PORT: z.coerce.number().int(),
});

/**
 * What answers while a caller waits: telephony, brain, appointments, directory; and what all processes share: the relay
 * of the event log and the in-memory key-value store, which the others reach by RPC.
 */
await runProcess('realtime', (logger) => {
  const config = loadConfig(schema);
  const eventBus = createPostgresLog({ connectionString: config.WARDLINE_DB_BUS, logger });
  const cipher = createFieldCipher(
    createFileKeyring({ dir: config.WARDLINE_KEYS_DIR, masterKey: config.WARDLINE_MASTER_KEY }),
  );
  const keyValue = createMemoryKeyValue();
  const deps = { logger, eventBus, cipher, keyValue };
  return [
    createRpcServer({
      service: 'standalone',
      port: config.WARDLINE_KEYVALUE_RPC_PORT,
      tokens: createServiceTokens({ key: config.WARDLINE_SERVICE_KEY, service: 'standalone' }),
      logger,
      routes: keyValueRoutes(keyValue),
    }),
    eventBus.relay,
    serviceComponent('directory', directory.compose(directory.parseConfig(), deps)),
    serviceComponent('appointments', appointments.compose(appointments.parseConfig(), deps)),
    serviceComponent('telephony-gateway', telephony.compose(telephony.parseConfig(), deps)),
    serviceComponent('conversation-brain', brain.compose(brain.parseConfig(), deps)),
  ];
});
