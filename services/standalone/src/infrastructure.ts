import { ensurePostgres } from '@wardline/embedded-postgres';
import { provisionTopics, type KafkaConnection } from '@wardline/event-bus';
import { probeKafka, probeRedis, startKafka, startRedis } from '@wardline/local-infrastructure';
import type { Logger } from '@wardline/observability';
import path from 'node:path';
import type { InfrastructureConfig, StandaloneConfig } from './config.ts';
import { grantKafkaAccess, kafkaUsers, type KafkaUser } from './kafka-access.ts';

/** What the services stand on, and how to end what of it is ours. */
export interface Infrastructure {
  /** Contains a secret. */
  readonly databaseAdminUrl: string;
  readonly kafka: GivenKafka | undefined;
  readonly redisUrl: string | undefined;
}

export interface GivenKafka {
  readonly connection: KafkaConnection;
  /** `KAFKA_*` for the services, by who they are; of a given Kafka all are who the operator says. */
  readonly variables: KafkaVariables;
}

export type KafkaVariables = Readonly<Record<KafkaUser | 'superuser', Readonly<Record<string, string>>>>;

export interface InfrastructureOptions {
  readonly config: StandaloneConfig;
  readonly databasePort: number;
  readonly kafkaPasswords: Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly say: (line: string) => void;
  /** Told of each part as soon as it runs, so that it is ended when a later one fails. */
  readonly opened: (name: string, close: () => Promise<void>) => void;
}

/**
 * Starts what is not given: Postgres always may be, Kafka and Redis only for a platform of separate processes.
 *
 * @throws an error that says all that this machine lacks
 */
export async function startInfrastructure(o: InfrastructureOptions): Promise<Infrastructure> {
  const wanted = o.config.infrastructure;
  if (!wanted) {
    o.say('starting the database');
    return { databaseAdminUrl: await ownPostgres(o), kafka: undefined, redisUrl: undefined };
  }
  assertPossible(wanted);
  const ours = [
    wanted.databaseAdminUrl ? '' : 'PostgreSQL',
    wanted.kafka ? '' : 'Kafka',
    wanted.redisUrl ? '' : 'Redis',
  ].filter((name) => name !== '');
  if (ours.length > 0) o.say(`starting ${ours.join(', ')}`);
  const [databaseAdminUrl, kafka, redisUrl] = await allOrError([
    wanted.databaseAdminUrl ?? ownPostgres(o),
    wanted.kafka
      ? { connection: wanted.kafka, variables: sameForAll(wanted.kafkaVariables) }
      : ownKafka(o, wanted),
    wanted.redisUrl ?? ownRedis(o),
  ]);
  const { created } = await provisionTopics(kafka.connection, { logger: o.logger });
  if (created.length > 0) o.say(`created ${created.length} topics`);
  return { databaseAdminUrl, kafka, redisUrl };
}

/** Like `Promise.all`, but waits for all: what started beside a failure must be known before everything is ended. */
async function allOrError<T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function assertPossible(wanted: InfrastructureConfig): void {
  const probes = [
    wanted.kafka ? undefined : probeKafka({ own: true }),
    wanted.redisUrl ? undefined : probeRedis({ own: true }),
  ];
  const problems = probes.flatMap((probe) => (probe && !probe.ok ? [probe.reason] : []));
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function ownPostgres(o: InfrastructureOptions): Promise<string> {
  const postgres = await ensurePostgres({
    dataDir: path.join(o.config.dataDir, 'postgres'),
    port: o.databasePort,
    logger: o.logger,
  });
  o.opened('postgres', () => postgres.stop());
  return postgres.adminUrl;
}

const sameForAll = (variables: Readonly<Record<string, string>>): KafkaVariables => ({
  superuser: variables,
  consumer: variables,
  relay: variables,
});

/** With its data kept: what is in a topic and not yet consumed must be there at the next start. */
async function ownKafka(o: InfrastructureOptions, wanted: InfrastructureConfig): Promise<GivenKafka> {
  const passwordOf = (user: KafkaUser) => o.kafkaPasswords[user] ?? '';
  const { brokers, sasl, stop } = await startKafka({
    brokers: wanted.brokers,
    dataDir: path.join(o.config.dataDir, `kafka-${wanted.brokers}`),
    sasl: true,
    users: kafkaUsers.map((username) => ({ username, password: passwordOf(username) })),
    logger: o.logger,
  });
  o.opened('kafka', stop);
  if (!sasl) throw new Error('Kafka was started without passwords');
  const variablesOf = (username: string, password: string) => ({
    ...wanted.kafkaVariables,
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_SASL_MECHANISM: sasl.mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  });
  const topicPrefix = wanted.kafkaVariables['KAFKA_TOPIC_PREFIX'];
  const connection = { brokers, sasl, ...(topicPrefix ? { topicPrefix } : {}) };
  await grantKafkaAccess(connection, o.logger);
  return {
    connection,
    variables: {
      superuser: variablesOf(sasl.username, sasl.password),
      consumer: variablesOf('consumer', passwordOf('consumer')),
      relay: variablesOf('relay', passwordOf('relay')),
    },
  };
}

async function ownRedis(o: InfrastructureOptions): Promise<string> {
  const redis = await startRedis({ own: true, logger: o.logger });
  o.opened('redis', () => redis.stop());
  return redis.url;
}
