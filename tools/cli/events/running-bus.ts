import { dataDirOf } from '@wardline/config';
import type { KafkaConnection } from '@wardline/event-bus';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A mistake that the person at the keyboard can put right: told in one line, without a stack. */
export class UsageError extends Error {}

/** Where the events of a running copy are, and what failed of them. */
export interface RunningBus {
  /** Postgres: failed events on either bus; the log itself where there is no Kafka. */
  client: pg.Client;
  /** Present when the events are on Kafka. */
  kafka: KafkaConnection | undefined;
}

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * Connects to the events of the running copy that this shell means: `WARDLINE_DATA` (default `.wardline` in the checkout)
 * says where its `run.json` lies, `WARDLINE_PORT` which one it must be.
 *
 * @throws UsageError with advice
 */
export async function connectToRunningBus(env: NodeJS.ProcessEnv = process.env): Promise<RunningBus> {
  const file = path.join(dataDirOf(env, checkout), 'run.json');
  const { port, busUrl, kafka } = readRunFile(file);
  const wanted = env['WARDLINE_PORT'];
  if (wanted && Number(wanted) !== 0 && Number(wanted) !== port) {
    throw new UsageError(
      `the copy in ${path.dirname(file)} listens on ${port}, not on WARDLINE_PORT=${wanted}; set WARDLINE_DATA`,
    );
  }
  const client = new pg.Client({ connectionString: busUrl, application_name: 'wardline-events-cli' });
  try {
    await client.connect();
  } catch (cause) {
    throw new UsageError(`the database named in ${file} does not answer; is Wardline still running?`, {
      cause,
    });
  }
  return { client, kafka };
}

function readRunFile(file: string): { port: number; busUrl: string; kafka: KafkaConnection | undefined } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Whatever the reason, it cannot be read, and the advice is the same.
    throw new UsageError(
      `Wardline is not running here (cannot read ${file}); start it with npm start, or set WARDLINE_DATA`,
    );
  }
  const { port, busUrl, kafka } = fieldsOf(JSON.parse(text));
  if (typeof port !== 'number' || typeof busUrl !== 'string') {
    throw new UsageError(`${file} has no port and busUrl; was it written by another version?`);
  }
  if (kafka === undefined || kafka === null) return { port, busUrl, kafka: undefined };
  const { brokers, topicPrefix, ssl, sasl } = fieldsOf(kafka);
  if (!Array.isArray(brokers) || brokers.length === 0) {
    throw new UsageError(`${file} names Kafka without brokers; was it written by another version?`);
  }
  return {
    port,
    busUrl,
    kafka: {
      brokers: brokers.map(String),
      clientId: 'wardline-events-cli',
      ...(typeof topicPrefix === 'string' ? { topicPrefix } : {}),
      // Written by the copy itself, which is connected in the same way.
      ...(ssl ? { ssl: ssl as NonNullable<KafkaConnection['ssl']> } : {}),
      ...(sasl ? { sasl: sasl as NonNullable<KafkaConnection['sasl']> } : {}),
    },
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
