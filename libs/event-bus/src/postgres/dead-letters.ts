import type pg from 'pg';
import { CHANNEL } from './relay.ts';
import type { LogRow } from '../stored-event.ts';

/** An event that a group has given up on. Its key waits, with later events behind it. */
export interface DeadLetter {
  id: string;
  group: string;
  topic: string;
  key: string;
  reason: string;
  deadAt: Date;
  /** Later events of the key that wait behind it. */
  waiting: number;
  history: { at: string; reason: string }[];
  event: LogRow;
}

interface Row {
  id: string;
  consumer_group: string;
  topic: string;
  key: string;
  reason: string;
  dead_at: Date;
  waiting: number;
  history: { at: string; reason: string }[];
  event: LogRow;
}

const SELECT = `
  select d.id, d.consumer_group, d.topic, d.key, d.reason, d.dead_at, d.history, d.event,
    (select count(*)::integer from bus.parked p where p.consumer_group = d.consumer_group and p.topic = d.topic
       and p.partition = d.partition and p.key = d.key and p."offset" > d."offset") as waiting
  from bus.dead_letters d`;

type Queryable = Pick<pg.Client, 'query'>;

export async function listDeadLetters(client: Queryable, limit = 100): Promise<DeadLetter[]> {
  const { rows } = await client.query<Row>(`${SELECT} order by d.dead_at desc limit $1`, [limit]);
  return rows.map(toDeadLetter);
}

export async function findDeadLetter(client: Queryable, id: string): Promise<DeadLetter | undefined> {
  const { rows } = await client.query<Row>(`${SELECT} where d.id::text = $1`, [id]);
  return rows[0] && toDeadLetter(rows[0]);
}

/**
 * Lets a key go on: `replay` handles the event again, `discard` leaves it out; the events behind it follow in order.
 *
 * @returns false when there is no such dead letter
 */
export async function releaseDeadLetter(
  client: Queryable,
  id: string,
  how: 'replay' | 'discard',
): Promise<boolean> {
  const result = await client.query(
    `with d as (delete from bus.dead_letters where id::text = $1 returning *),
     gone as (
       delete from bus.parked p using d
       where $2::boolean and p.consumer_group = d.consumer_group and p.topic = d.topic and p.partition = d.partition
         and p.key = d.key and p."offset" = d."offset"
     )
     update bus.parked_keys k set attempts = 0, history = '[]', retry_at = now() from d
     where k.consumer_group = d.consumer_group and k.topic = d.topic and k.partition = d.partition and k.key = d.key`,
    [id, how === 'discard'],
  );
  if (result.rowCount === 0) return false;
  await client.query(`notify ${CHANNEL}, 'released'`);
  return true;
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    id: row.id,
    group: row.consumer_group,
    topic: row.topic,
    key: row.key,
    reason: row.reason,
    deadAt: row.dead_at,
    waiting: row.waiting,
    history: row.history,
    event: row.event,
  };
}
