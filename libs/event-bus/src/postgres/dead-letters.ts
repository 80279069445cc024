import type { Logger } from '@wardline/observability';
import pg from 'pg';
import { HISTORY_MAX } from '../consumer/parking.ts';
import type { LogRow } from '../stored-event.ts';
import { isTopicName, topics } from '../topics.ts';
import { CHANNEL } from './postgres-target.ts';

/** One failed attempt. `reason` is a constant, or an error's code or name: never its text. */
export interface Attempt {
  at: string;
  reason: string;
}

/** An event that a group has given up on. On both buses it lies here, in Postgres. */
export interface DeadLetter {
  id: string;
  group: string;
  topic: string;
  key: string;
  reason: string;
  deadAt: Date;
  /** Whether its key waits for a person. A topic with `onFailure: 'skip'` has gone on without it. */
  holdsKey: boolean;
  /** Later events of the key that wait behind it. */
  waiting: number;
  /** Oldest first, shortened to the newest attempts. */
  history: Attempt[];
  event: LogRow;
}

/** A key whose first event has failed and is tried again by itself. */
export interface ParkedKeySummary {
  group: string;
  topic: string;
  key: string;
  /** Failed attempts so far. */
  attempts: number;
  nextAttemptAt: Date;
  parkedSince: Date;
  waiting: number;
  history: Attempt[];
  event: LogRow;
}

/** How much has failed in one group and topic. */
export interface DeadLetterCount {
  group: string;
  topic: string;
  letters: number;
  waiting: number;
  oldest: Date;
}

/** What to look at. All conditions must hold; an empty filter means everything. */
export interface FailureFilter {
  group?: string;
  topic?: string;
  key?: string;
  tenantId?: string;
  /** Dead-lettered, or parked, in the last so many milliseconds. */
  withinMs?: number;
  /** Rows at most; default 100. */
  limit?: number;
}

export type ReleaseHow = 'replay' | 'discard';

/** What was let go. */
export interface Released {
  id: string;
  group: string;
  topic: string;
  key: string;
  /** False: the key had gone on already, and a replayed event comes after its successors. */
  heldKey: boolean;
  /** Events that go on behind it. */
  waiting: number;
}

export type Queryable = Pick<pg.Client, 'query'>;

/** Stands in the history where a person let the event be tried again. */
export const REPLAYED = 'replayed by hand';

/** Failed attempts in a history; `atLeast` when older ones may have been cut off. */
export function attemptsIn(history: readonly Attempt[]): { attempts: number; atLeast: boolean } {
  const attempts = history.filter(({ reason }) => reason !== REPLAYED).length;
  return { attempts, atLeast: history.length >= HISTORY_MAX };
}

const replayedSql = `jsonb_build_array(jsonb_build_object('at', now(), 'reason', '${REPLAYED}'))`;
const LIMIT = 100;
const sameKey = (a: string, b: string): string =>
  `${a}.consumer_group = ${b}.consumer_group and ${a}.topic = ${b}.topic and ${a}.partition = ${b}.partition and ${a}.key = ${b}.key`;

/** $1 group, $2 topic, $3 key, $4 tenant, $5 age in milliseconds. */
const conditions = (event: string, since: string): string => `
  ($1::text is null or x.consumer_group = $1) and ($2::text is null or x.topic = $2) and ($3::text is null or x.key = $3)
  and ($4::text is null or ${event}->>'tenant_id' = $4)
  and ($5::float8 is null or ${since} >= now() - $5::float8 * interval '1 millisecond')`;
const valuesOf = (f: FailureFilter): unknown[] => [
  ...[f.group ?? null, f.topic ?? null, f.key ?? null],
  ...[f.tenantId ?? null, f.withinMs ?? null],
];

const DEAD_LETTERS = `
  select d.*, own.held as holds_key,
    case when own.held then (select count(*)::integer from bus.parked p where ${sameKey('p', 'd')} and p."offset" > d."offset")
         else 0 end as waiting
  from bus.dead_letters d
  cross join lateral (
    select exists (select from bus.parked p where ${sameKey('p', 'd')} and p."offset" = d."offset") as held
  ) own`;

interface DeadLetterRow {
  id: string;
  consumer_group: string;
  topic: string;
  key: string;
  reason: string;
  dead_at: Date;
  holds_key: boolean;
  waiting: number;
  history: Attempt[];
  event: LogRow;
}

/** Newest first. */
export async function listDeadLetters(client: Queryable, filter: FailureFilter = {}): Promise<DeadLetter[]> {
  const { rows } = await client.query<DeadLetterRow>(
    `select * from (${DEAD_LETTERS}) x where ${conditions('x.event', 'x.dead_at')} order by x.dead_at desc, x.id limit $6`,
    [...valuesOf(filter), filter.limit ?? LIMIT],
  );
  return rows.map(toDeadLetter);
}

/** All of them, whatever `limit` says; the largest heap first. */
export async function countDeadLetters(
  client: Queryable,
  filter: FailureFilter = {},
): Promise<DeadLetterCount[]> {
  const { rows } = await client.query<DeadLetterCount>(
    `select consumer_group as "group", topic, count(*)::integer as letters, sum(waiting)::integer as waiting,
            min(dead_at) as oldest
     from (${DEAD_LETTERS}) x where ${conditions('x.event', 'x.dead_at')}
     group by consumer_group, topic order by count(*) + sum(waiting) desc, 1, 2`,
    valuesOf(filter),
  );
  return rows;
}

/** @param tenantId the only tenant whose dead letters exist for the one who asks */
export async function findDeadLetter(
  client: Queryable,
  id: string,
  tenantId?: string,
): Promise<DeadLetter | undefined> {
  const { rows } = await client.query<DeadLetterRow>(
    `select * from (${DEAD_LETTERS}) x
     where x.id::text = $1 and ($2::text is null or x.event->>'tenant_id' = $2)`,
    [id, tenantId ?? null],
  );
  return rows[0] && toDeadLetter(rows[0]);
}

/** Keys that failed and are tried again, the next due first. */
export async function listParkedKeys(
  client: Queryable,
  filter: FailureFilter = {},
): Promise<ParkedKeySummary[]> {
  const { rows } = await client.query<ParkedKeySummary>(
    `select x.consumer_group as "group", x.topic, x.key, x.attempts, x.retry_at as "nextAttemptAt",
            head.parked_at as "parkedSince", head.event, x.history,
            (select count(*)::integer - 1 from bus.parked p where ${sameKey('p', 'x')}) as waiting
     from bus.parked_keys x
     cross join lateral (
       select p.event, p.parked_at from bus.parked p where ${sameKey('p', 'x')} order by p."offset" limit 1
     ) head
     where x.retry_at is not null and ${conditions('head.event', 'head.parked_at')}
     order by x.retry_at, x.key limit $6`,
    [...valuesOf(filter), filter.limit ?? LIMIT],
  );
  return rows;
}

/**
 * Lets a dead letter go: `replay` handles the event again, `discard` leaves it out. What waits behind it follows in order.
 * An event whose key has gone on is parked once more by `replay`, so that it is tried like any other.
 *
 * @returns undefined when there is no such dead letter (of that tenant)
 */
export async function letGo(
  client: Queryable,
  id: string,
  how: ReleaseHow,
  tenantId?: string,
): Promise<Released | undefined> {
  const { rows } = await client.query<Released>(
    `with d as (
       delete from bus.dead_letters where id::text = $1 and ($3::text is null or event->>'tenant_id' = $3) returning *
     ),
     held as (
       select d.* from d join bus.parked p on ${sameKey('p', 'd')} and p."offset" = d."offset"
     ),
     gone as (
       delete from bus.parked p using held where $2 = 'discard' and ${sameKey('p', 'held')} and p."offset" = held."offset"
     ),
     woken as (
       update bus.parked_keys k set attempts = 0, retry_at = now(),
         history = case when $2 = 'discard' then '[]' else held.history || ${replayedSql} end
       from held where ${sameKey('k', 'held')}
     ),
     again as (select * from d where $2 = 'replay' and not exists (select from held)),
     again_key as (
       insert into bus.parked_keys (consumer_group, topic, partition, key, attempts, retry_at, history)
       select consumer_group, topic, partition, key, 0, now(), history || ${replayedSql} from again
       on conflict (consumer_group, topic, partition, key) do update
         set attempts = 0, history = excluded.history, retry_at = now()
     ),
     again_event as (
       insert into bus.parked (consumer_group, topic, partition, key, "offset", event)
       select consumer_group, topic, partition, key, "offset", event from again on conflict do nothing
     )
     select d.id, d.consumer_group as "group", d.topic, d.key, exists (select from held) as "heldKey",
            (select count(*)::integer from held join bus.parked p on ${sameKey('p', 'held')} and p."offset" > held."offset") as waiting
     from d`,
    [id, how, tenantId ?? null],
  );
  if (rows[0]) await client.query(`notify ${CHANNEL}, 'released'`);
  return rows[0];
}

/** As `letGo`, for whoever only wants to know whether there was such a dead letter. */
export async function releaseDeadLetter(client: Queryable, id: string, how: ReleaseHow): Promise<boolean> {
  return (await letGo(client, id, how)) !== undefined;
}

/** What a topic does with a key after a dead letter. Park is what happens with a topic that this version does not know. */
export function policyOf(topic: string): 'park' | 'skip' {
  return isTopicName(topic) ? topics[topic].onFailure : 'park';
}

/** Dead letters and parked keys of one tenant: nothing of another one exists through it. */
export interface TenantFailures {
  deadLetters(filter?: Omit<FailureFilter, 'tenantId'>): Promise<DeadLetter[]>;
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  parkedKeys(filter?: Omit<FailureFilter, 'tenantId'>): Promise<ParkedKeySummary[]>;
  release(id: string, how: ReleaseHow): Promise<Released | undefined>;
}

/** For services that show them. Connects when first asked, and again after a lost connection. */
export function openFailures(o: { connectionString: string; logger: Logger }): {
  of(tenantId: string): TenantFailures;
  close(): Promise<void>;
} {
  const pool = new pg.Pool({
    connectionString: o.connectionString,
    application_name: 'wardline-failures',
    max: 2,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
  });
  pool.on('error', (err) => o.logger.warn('idle connection to the dead letters was lost', { err }));
  return {
    of: (tenantId) => ({
      deadLetters: (filter) => listDeadLetters(pool, { ...filter, tenantId }),
      deadLetter: (id) => findDeadLetter(pool, id, tenantId),
      parkedKeys: (filter) => listParkedKeys(pool, { ...filter, tenantId }),
      release: (id, how) => letGo(pool, id, how, tenantId),
    }),
    close: () => pool.end(),
  };
}

const toDeadLetter = (row: DeadLetterRow): DeadLetter => ({
  id: row.id,
  group: row.consumer_group,
  topic: row.topic,
  key: row.key,
  reason: row.reason,
  deadAt: row.dead_at,
  holdsKey: row.holds_key,
  waiting: row.waiting,
  history: row.history,
  event: row.event,
});
