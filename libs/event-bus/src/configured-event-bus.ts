import { readFileSync } from 'node:fs';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { z } from 'zod';
import type { EventBus } from './event.ts';
import type { KafkaConnection } from './kafka/connection.ts';
import { createKafkaBus, createKafkaRelay } from './kafka/kafka-bus.ts';
import { createPostgresLog } from './postgres/postgres-log.ts';

const brokerList = z
  .string()
  .transform((text) => text.split(',').map((broker) => broker.trim()))
  .refine((brokers) => brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(broker)), {
    error: 'is a comma-separated list of host:port',
  });

/** What a service's configuration says of its event bus: spread it into the service's own schema. */
export const eventBusVariables = {
  /** Postgres URL: of the log's role without Kafka; with Kafka of the role that keeps parked keys (the relay: of the log's). */
  WARDLINE_DB_BUS: z.url().optional(),
  /** Brokers of a Kafka cluster, `host:port,host:port`. Without it events go through the log in Postgres. */
  KAFKA_BROKERS: brokerList.optional(),
  KAFKA_SSL: z.stringbool().default(false),
  /** PEM file of the authority that has signed the brokers' certificates. */
  KAFKA_SSL_CA_FILE: z.string().min(1).optional(),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().min(1).optional(),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional(),
  /** Goes before the name of every topic and consumer group, when installations share a cluster. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/)
    .default(''),
};

export type EventBusVariables = z.infer<z.ZodObject<typeof eventBusVariables>>;

export interface EventBusConfig {
  /** Undefined where the composition root hands a bus in. */
  readonly databaseUrl: string | undefined;
  readonly kafka: KafkaConnection | undefined;
}

/** @throws Error that says which variable is missing or cannot be read */
export function eventBusConfigOf(e: EventBusVariables): EventBusConfig {
  return { databaseUrl: e.WARDLINE_DB_BUS, kafka: kafkaConnectionOf(e) };
}

function kafkaConnectionOf(e: EventBusVariables): KafkaConnection | undefined {
  if (!e.KAFKA_BROKERS) return undefined;
  const sasl = [e.KAFKA_SASL_MECHANISM, e.KAFKA_SASL_USERNAME, e.KAFKA_SASL_PASSWORD];
  if (sasl.some(Boolean) && !sasl.every(Boolean)) {
    throw new Error(
      'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together: set all three or none',
    );
  }
  return {
    brokers: e.KAFKA_BROKERS,
    topicPrefix: e.KAFKA_TOPIC_PREFIX,
    ...(e.KAFKA_SSL || e.KAFKA_SSL_CA_FILE
      ? { ssl: e.KAFKA_SSL_CA_FILE ? { ca: readFileSync(e.KAFKA_SSL_CA_FILE, 'utf8') } : true }
      : {}),
    ...(e.KAFKA_SASL_MECHANISM && e.KAFKA_SASL_USERNAME && e.KAFKA_SASL_PASSWORD
      ? {
          sasl: {
            mechanism: e.KAFKA_SASL_MECHANISM,
            username: e.KAFKA_SASL_USERNAME,
            password: e.KAFKA_SASL_PASSWORD,
          },
        }
      : {}),
  };
}

interface Deps {
  readonly logger: Logger;
  /** Shown to the cluster as the client. */
  readonly service: string;
}

/** The bus that the configuration names: Kafka when there are brokers, else the log in Postgres. */
export function createEventBus(config: EventBusConfig, { logger, service }: Deps): EventBus {
  const databaseUrl = requireDatabase(config);
  if (!config.kafka) return createPostgresLog({ connectionString: databaseUrl, logger });
  const connection = { ...config.kafka, clientId: `wardline-${service}` };
  return createKafkaBus({ connection, parkingUrl: databaseUrl, logger });
}

/** What brings events from the outboxes to that bus. One process of an installation needs it; several may have it. */
export function createEventRelay(config: EventBusConfig, { logger, service }: Deps): Component {
  const databaseUrl = requireDatabase(config);
  if (!config.kafka) return createPostgresLog({ connectionString: databaseUrl, logger }).relay;
  const connection = { ...config.kafka, clientId: `wardline-${service}` };
  return createKafkaRelay({ connection, busUrl: databaseUrl, logger });
}

function requireDatabase(config: EventBusConfig): string {
  if (config.databaseUrl) return config.databaseUrl;
  throw new Error('set WARDLINE_DB_BUS, or hand in an event bus');
}
