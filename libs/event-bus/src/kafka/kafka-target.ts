import type pg from 'pg';
import { publishedEvents } from '../relay/outbox-lag.ts';
import { preparedFor } from '../relay/prepared.ts';
import { anythingSql, takeRowsSql } from '../relay/relay-sql.ts';
import type { RelayTarget } from '../relay/relay.ts';
import type { OutboxRow } from './cloud-event.ts';
import type { EventProducer } from './event-producer.ts';

/** Per outbox and transaction: what one commit, one produce request per broker and one codec frame are shared by. */
const BATCH_MAX = 1_000;
const takeRows = preparedFor(takeRowsSql);
const anything = preparedFor(anythingSql);

export type TakenRow = Omit<OutboxRow, 'source' | 'sequence'> & { source: number; last_sequence: string };

/**
 * Brings events to Kafka. Rows are taken in a transaction that commits only after every in-sync replica has acknowledged
 * them. Killed between the two, they come again with the same ids and sequences.
 */
export function createKafkaTarget(producer: EventProducer, batchMax = BATCH_MAX): RelayTarget {
  let expectMore = false;

  async function take(
    client: pg.Client,
    schemas: readonly string[],
    places: readonly string[],
  ): Promise<TakenRow[]> {
    const { rows } = await client.query<TakenRow>({
      ...takeRows(schemas),
      values: [places, batchMax],
    });
    return rows;
  }

  return {
    async publish(client, schemas, places) {
      if (!expectMore && !(await isAnything(client, schemas, places))) return { published: 0, more: false };
      await client.query('begin');
      try {
        const rows = await take(client, schemas, places);
        if (rows.length > 0) {
          await producer.send(numbered(rows, schemas));
        }
        await client.query('commit');
        publishedEvents.add(rows.length);
        expectMore = rows.length > 0;
        return { published: rows.length, more: rows.length >= batchMax };
      } catch (error) {
        expectMore = false;
        await client.query('rollback').catch(() => undefined); // A connection that is gone has rolled back by itself.
        throw error;
      }
    },
    sweep: async () => undefined, // Kafka prunes its topics, and taken rows are gone.
    release: () => producer.close(),
  };
}

async function isAnything(
  client: pg.Client,
  schemas: readonly string[],
  places: readonly string[],
): Promise<boolean> {
  const { rows } = await client.query<{ anything: boolean }>({
    ...anything(schemas),
    values: [places],
  });
  return rows[0]?.anything ?? false;
}

/** Rows in order of publication, each with its own sequence: the last row of a subject has the one that was given. */
export function numbered(rows: readonly TakenRow[], schemas: readonly string[]): OutboxRow[] {
  const sequences = new Map<string, number>();
  const result: OutboxRow[] = [];
  for (const { source, last_sequence, ...row } of rows.toReversed()) {
    const subject = `${row.topic} ${row.subject}`;
    const sequence = sequences.get(subject) ?? Number(last_sequence);
    sequences.set(subject, sequence - 1);
    result.push({ ...row, source: schemas[source] ?? '', sequence: String(sequence) });
  }
  return result.reverse();
}
