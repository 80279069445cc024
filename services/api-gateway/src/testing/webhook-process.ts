import { createFieldCipher, createFileKeyring } from '@wardline/field-encryption';
import { createLogger } from '@wardline/observability';
import { createPostgresEgressLog } from '../adapters/postgres/egress-log.ts';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createEgressSignal } from '../app/egress-signal.ts';
import { composeWebhooks } from '../compose-webhooks.ts';
import { egressTopics } from '../entrypoints/egress-consumer.ts';

/** Delivers webhooks until it is killed: what a test of dying processes starts. Configuration is one JSON argument. */
const o = JSON.parse(process.argv[2] ?? '{}') as {
  databaseUrl: string;
  keysDir: string;
  masterKey: string;
  leaseMs: number;
};
const logger = createLogger({ service: 'webhook-process' });
const database = openGatewayDatabase(o.databaseUrl, logger);
const webhooks = composeWebhooks({
  ...{ database, logger, offered: egressTopics, leaseMs: o.leaseMs },
  cipher: createFieldCipher(createFileKeyring({ dir: o.keysDir, masterKey: o.masterKey })),
  signal: createEgressSignal({ log: createPostgresEgressLog(database), logger }),
  feed: { publish: async () => undefined },
  targets: { allow: ['127.0.0.1'], http: false, ports: [443] },
  limits: { pollMs: 50 },
});
for (const component of webhooks.components) await component.start();
