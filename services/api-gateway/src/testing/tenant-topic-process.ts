import { createLogger } from '@wardline/observability';
import { createKafkaTenantTopicPublisher } from '../adapters/kafka/tenant-topic-publisher.ts';
import { createPostgresEgressLog } from '../adapters/postgres/egress-log.ts';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createPostgresTenantTopicCursors } from '../adapters/postgres/tenant-topic-cursors.ts';
import { createPostgresTenantTopicTurns } from '../adapters/postgres/tenant-topic-turns.ts';
import { createEgressSignal } from '../app/egress-signal.ts';
import { createTenantTopicRelay } from '../app/tenant-topic-relay.ts';

/** The relay of one instance as a process of its own, so that it can be killed. */
const logger = createLogger({ service: 'api-gateway', level: 'error' });
const databaseUrl = process.env['DATABASE_URL'] ?? '';
const topicPrefix = process.env['TOPIC_PREFIX'] ?? '';
const connection = { brokers: (process.env['BROKERS'] ?? '').split(','), topicPrefix };
const database = openGatewayDatabase(databaseUrl, logger);
const log = createPostgresEgressLog(database);
const signal = createEgressSignal({ log, logger, everyMs: 20 });
await signal.start();
await createTenantTopicRelay({
  ...{ log, signal, logger, topicPrefix, topics: ['calls.changed'], batchRows: 40, lookEveryMs: 100 },
  cursors: createPostgresTenantTopicCursors(database),
  turns: createPostgresTenantTopicTurns({ connectionString: databaseUrl, logger }),
  publisher: createKafkaTenantTopicPublisher({ connection, logger }),
  cipher: {
    open: () => {
      throw new Error('nothing to open');
    },
  },
}).start();
process.on('disconnect', () => process.exit());
