import type pg from 'pg';
import { uuidv7 } from '../uuidv7.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { LogRow } from '../stored-event.ts';

/** A key of one partition whose first event has failed. Kept in memory by the partition's owner, and durably here. */
export interface ParkedKey {
  key: string;
  /** Offset of the first parked event: everything of the key before it has been handled. */
  head: bigint;
  attempts: number;
  /** On the monotonic clock, milliseconds; undefined: dead-lettered. */
  retryAt: number | undefined;
}

/** A connection, or whatever runs single statements on one. */
export type Queryable = Pick<pg.Client, 'query'>;

export interface Place {
  group: string;
  topic: string;
  partition: number;
}

/** Attempts kept of an event: the newest. */
export const HISTORY_MAX = 20;

/** JSON that jsonb takes: it knows neither U+0000 nor half a surrogate pair, and a bad event must be kept all the same. */
function storable(row: LogRow): string {
  // JSON.stringify writes exactly these two kinds as escapes; every other character above ASCII stands for itself.
  return JSON.stringify(row).replace(/\\u(0000|d[89a-f][0-9a-f]{2})/g, '\\ufffd');
}
const placeOf = (place: Place): unknown[] => [place.group, place.topic, place.partition];

/** The parked keys of the partitions owned, as the table has them. */
export async function loadParkedKeys(
  client: Queryable,
  group: string,
  places: readonly OwnedPartition[],
): Promise<(ParkedKey & { place: OwnedPartition })[]> {
  if (places.length === 0) return [];
  const owned = new Map(places.map((place) => [`${place.topic} ${place.partition}`, place]));
  const { rows } = await client.query<{
    topic: string;
    partition: number;
    key: string;
    attempts: number;
    head: string | null;
    due_in_ms: number | null;
  }>(
    `select k.topic, k.partition, k.key, k.attempts,
            (extract(epoch from k.retry_at - now()) * 1000)::float8 as due_in_ms,
            (select min(p."offset") from bus.parked p where p.consumer_group = k.consumer_group and p.topic = k.topic
               and p.partition = k.partition and p.key = k.key) as head
     from bus.parked_keys k
     where k.consumer_group = $1 and (k.topic, k.partition) in (select * from unnest($2::text[], $3::integer[]))`,
    [group, places.map((place) => place.topic), places.map((place) => place.partition)],
  );
  return rows.flatMap((row) => {
    const place = owned.get(`${row.topic} ${row.partition}`);
    if (!place) return [];
    const retryAt = row.due_in_ms === null ? undefined : performance.now() + row.due_in_ms;
    return [{ place, key: row.key, attempts: row.attempts, head: BigInt(row.head ?? 0), retryAt }];
  });
}

export interface Failure {
  reason: string;
  /** undefined: dead-letter it. */
  delayMs: number | undefined;
}

/** Records a failure of a key's first event, which is parked with it when it was not yet. One statement, so all or nothing. */
export async function recordFailure(
  client: Queryable,
  place: Place,
  row: LogRow,
  failure: Failure,
): Promise<void> {
  await client.query(
    `with k as (
       insert into bus.parked_keys as k (consumer_group, topic, partition, key, attempts, retry_at, history)
       values ($1, $2, $3, $4, 1, now() + $5::float8 * interval '1 millisecond',
               jsonb_build_array(jsonb_build_object('at', now(), 'reason', $6::text)))
       on conflict (consumer_group, topic, partition, key) do update
         set attempts = k.attempts + 1, retry_at = excluded.retry_at,
             history = case when jsonb_array_length(k.history) >= ${HISTORY_MAX} then k.history - 0 else k.history end
                       || excluded.history
       returning history
     ),
     p as (
       insert into bus.parked (consumer_group, topic, partition, key, "offset", event)
       values ($1, $2, $3, $4, $7::bigint, $8::jsonb) on conflict do nothing
     )
     insert into bus.dead_letters (id, consumer_group, topic, partition, key, "offset", reason, history, event)
     select $9::uuid, $1, $2, $3, $4, $7::bigint, $6, k.history, $8::jsonb from k where $5::float8 is null
     on conflict (consumer_group, topic, partition, "offset") do update
       set reason = excluded.reason, history = excluded.history, dead_at = now()`,
    [
      ...placeOf(place),
      row.key,
      failure.delayMs ?? null,
      failure.reason,
      row.offset,
      storable(row),
      uuidv7(),
    ],
  );
}

/**
 * Puts a later event of a parked key behind the earlier ones.
 *
 * @returns false when the key is not parked any more: an owner before us that was still at it has released it
 */
export async function parkBehind(client: Queryable, place: Place, row: LogRow): Promise<boolean> {
  const { rows } = await client.query<{ parked: boolean }>(
    `with k as (
       select consumer_group, topic, partition, key from bus.parked_keys
       where consumer_group = $1 and topic = $2 and partition = $3 and key = $4 for key share
     ),
     p as (
       insert into bus.parked (consumer_group, topic, partition, key, "offset", event)
       select k.*, $5::bigint, $6::jsonb from k on conflict do nothing
     )
     select exists (select from k) as parked`,
    [...placeOf(place), row.key, row.offset, storable(row)],
  );
  return rows[0]?.parked === true;
}

export async function firstParked(client: Queryable, place: Place, key: string): Promise<LogRow | undefined> {
  const { rows } = await client.query<{ event: LogRow }>(
    `select event from bus.parked where consumer_group = $1 and topic = $2 and partition = $3 and key = $4
     order by "offset" limit 1`,
    [...placeOf(place), key],
  );
  return rows[0]?.event;
}

/** The first parked event has been handled: the next one begins without failures. */
export async function removeParked(client: Queryable, place: Place, row: LogRow): Promise<void> {
  await client.query(
    `with gone as (
       delete from bus.parked
       where consumer_group = $1 and topic = $2 and partition = $3 and key = $4 and "offset" = $5::bigint
     )
     update bus.parked_keys set attempts = 0, history = '[]', retry_at = now()
     where consumer_group = $1 and topic = $2 and partition = $3 and key = $4`,
    [...placeOf(place), row.key, row.offset],
  );
}

/** Where a key stands by the table; undefined when it is not parked. */
export async function findParkedKey(
  client: Queryable,
  place: Place,
  key: string,
): Promise<ParkedKey | undefined> {
  const { rows } = await client.query<{ attempts: number; head: string | null; due_in_ms: number | null }>(
    `select k.attempts, (extract(epoch from k.retry_at - now()) * 1000)::float8 as due_in_ms,
            (select min(p."offset") from bus.parked p where p.consumer_group = $1 and p.topic = $2
               and p.partition = $3 and p.key = $4) as head
     from bus.parked_keys k where k.consumer_group = $1 and k.topic = $2 and k.partition = $3 and k.key = $4`,
    [...placeOf(place), key],
  );
  const row = rows[0];
  if (!row) return undefined;
  const retryAt = row.due_in_ms === null ? undefined : performance.now() + row.due_in_ms;
  return { key, attempts: row.attempts, head: BigInt(row.head ?? 0), retryAt };
}

/** Records an event that is given up while its key goes on: a dead letter without anything parked. */
export async function recordSkipped(
  client: Queryable,
  place: Place,
  row: LogRow,
  reason: string,
): Promise<void> {
  await client.query(
    `insert into bus.dead_letters (id, consumer_group, topic, partition, key, "offset", reason, history, event)
     select $1::uuid, $2, $3, $4, $5, $6::bigint, $7,
       coalesce((select k.history from bus.parked_keys k where k.consumer_group = $2 and k.topic = $3
                 and k.partition = $4 and k.key = $5), '[]')
         || jsonb_build_array(jsonb_build_object('at', now(), 'reason', $7::text)), $8::jsonb
     on conflict (consumer_group, topic, partition, "offset") do update
       set reason = excluded.reason, history = excluded.history, dead_at = now()`,
    [uuidv7(), ...placeOf(place), row.key, row.offset, reason, storable(row)],
  );
}

/**
 * Lets a key go on when nothing of it is parked.
 *
 * @returns false when something is: another owner, before or after us, has just put it there
 */
export async function releaseKey(client: Queryable, place: Place, key: string): Promise<boolean> {
  const { rows } = await client.query<{ released: boolean }>(
    'select bus.release_key($1, $2, $3, $4) as released',
    [...placeOf(place), key],
  );
  return rows[0]?.released === true;
}
