import type { Logger } from '@wardline/observability';
import { Kafka, logLevel, type LogEntry, type SASLOptions } from 'kafkajs';
import './idle-connections.ts';

/** How to reach a Kafka cluster. */
export interface KafkaConnection {
  /** Bootstrap brokers, `host:port`. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs, metrics and quotas. Default `wardline`. */
  readonly clientId?: string;
  /** True: TLS with the system's authorities. An object: with this authority (PEM). Default: plain text. */
  readonly ssl?: boolean | { readonly ca?: string; readonly rejectUnauthorized?: boolean };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Goes before every topic name, so that several installations can share a cluster. Default none. */
  readonly topicPrefix?: string;
}

/** A kafkajs client whose log lines are ours: constant message, the client's own words in a field. */
export function createKafka(connection: KafkaConnection, logger: Logger): Kafka {
  const { brokers, clientId = 'wardline', ssl, sasl } = connection;
  if (brokers.length === 0) throw new RangeError('a Kafka connection needs at least one broker');
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl: typeof ssl === 'boolean' ? ssl : { ...ssl } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => write(logger, entry),
  });
}

/** The topic's name on the cluster. */
export function kafkaTopicOf(connection: Pick<KafkaConnection, 'topicPrefix'>, topic: string): string {
  return `${connection.topicPrefix ?? ''}${topic}`;
}

/** What kafkajs warns of and we have decided: a producer that fails is replaced, and consumers know events by their ids. */
const DECIDED = ['Limiting retries for the idempotent producer'];

/** kafkajs says ERROR of every attempt that it will repeat; whether a failure matters, its caller knows and says. */
function write(logger: Logger, entry: LogEntry): void {
  const { message, timestamp: _, logger: __, ...fields } = entry.log;
  const known = { namespace: entry.namespace, reported: message, ...plain(fields) };
  const worthTelling = entry.level === logLevel.ERROR || entry.level === logLevel.WARN;
  if (worthTelling && !DECIDED.some((text) => message.startsWith(text))) logger.warn('kafka client', known);
  else logger.debug('kafka client', known);
}

/** Only what is short and plain: objects of the client can hold whole messages. */
function plain(fields: Record<string, unknown>): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]) && entry[0] !== 'stack',
    ),
  );
}
