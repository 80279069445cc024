import pg from 'pg';

/**
 * What every relay begins with: takes whatever is visible in the outboxes, in the order of writing per outbox, and moves the
 * sequences of their subjects on. Taking rows by deleting them, and not by a cursor over their ids, is what makes it
 * impossible to skip a row that got its id early and was committed late.
 *
 * The places that a relay owns are one array of text, so that the condition is a plain filter on a walk along the primary
 * key: joined as a relation, it made every batch read and sort the whole outbox.
 *
 * $1: places owned, `topic partition`; $2: rows per outbox at most.
 */
function takenSql(schemas: readonly string[], counted = ''): string {
  const taken = schemas.map((schema, index) => {
    const outbox = `${pg.escapeIdentifier(schema)}.outbox`;
    return `t${index} as (
      delete from ${outbox} where position = any (array(
        select position from ${outbox} where ${OWNED} order by position limit $2
      )) returning ${index} as source, position, id, tenant_id, topic, partition, type, key, subject, data, traceparent,
                   occurred_at
    )`;
  });
  const union = schemas.map((_, index) => `select * from t${index}`).join(' union all ');
  return `${taken.join(', ')},
    taken as (
      select * ${counted} from (${union}) as rows
    ),
    subjects as (
      insert into bus.subjects as s (topic, subject, sequence)
      select topic, subject, count(*) from taken group by topic, subject order by topic, subject
      on conflict (topic, subject) do update
        set sequence = s.sequence + excluded.sequence, updated_at = now()
      returning topic, subject, sequence
    )`;
}

const OWNED = `(topic || ' ' || partition) = any ($1::text[])`;

/** One statement that moves rows to the log, with dense offsets: the increment and the rows commit together. */
export function publishToLogSql(schemas: readonly string[]): string {
  const counted = `,
        row_number() over (partition by topic, partition order by source, position) as nth,
        count(*) over (partition by topic, partition) as of_partition,
        row_number() over (partition by topic, subject order by source, position) as nth_of_subject,
        count(*) over (partition by topic, subject) as of_subject`;
  return `with ${takenSql(schemas, counted)},
    partitions as (
      insert into bus.partitions as p (topic, partition, next_offset)
      select topic, partition, count(*) from taken group by topic, partition order by topic, partition
      on conflict (topic, partition) do update set next_offset = p.next_offset + excluded.next_offset
      returning topic, partition, next_offset
    ),
    published as (
      insert into bus.log
        (topic, partition, "offset", id, tenant_id, type, key, subject, sequence, data, traceparent, occurred_at)
      select t.topic, t.partition, p.next_offset - t.of_partition + t.nth - 1, t.id, t.tenant_id, t.type, t.key, t.subject,
             s.sequence - t.of_subject + t.nth_of_subject, t.data, t.traceparent, t.occurred_at
      from taken t
      join partitions p using (topic, partition)
      join subjects s using (topic, subject)
      returning 1
    )
    select count(*)::integer as published,
           (select coalesce(max(n), 0)::integer from (select count(*) as n from taken group by source) as per_source) as largest
    from published`;
}

/**
 * Takes rows and gives them back in order, as text, for a relay that publishes them before it commits. `last_sequence` is
 * that of the last row taken of the subject: to count the others down from it is cheaper outside.
 */
export function takeRowsSql(schemas: readonly string[]): string {
  return `with ${takenSql(schemas)}
    select t.source, t.topic, t.partition, t.id::text, t.tenant_id::text, t.type, t.key, t.subject,
           s.sequence::text as last_sequence, t.data::text, t.traceparent,
           to_char(t.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at
    from taken t join subjects s using (topic, subject)
    order by t.source, t.position`;
}

/** Whether there is anything for this relay: far cheaper than taking nothing in a transaction of its own. */
export function anythingSql(schemas: readonly string[]): string {
  const one = schemas.map(
    (schema) => `exists (select from ${pg.escapeIdentifier(schema)}.outbox where ${OWNED})`,
  );
  return `select ${one.join(' or ')} as anything`;
}

/** Schemas with an outbox that this role may empty. */
export const OUTBOX_SCHEMAS_SQL = `
  select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relname = 'outbox' and c.relkind = 'r' and has_schema_privilege(n.oid, 'USAGE')
    and has_table_privilege(c.oid, 'DELETE')
  order by 1`;

/** Tries the advisory locks of the partitions named by $2 and $3 in the namespace $1; gives those it got. */
export const LOCK_PARTITIONS_SQL = `
  select t.topic, t.partition from unnest($2::text[], $3::integer[]) as t (topic, partition)
  where pg_try_advisory_lock(hashtextextended('wardline ' || $1::text || ' ' || t.topic || ' ' || t.partition, 0))`;

/**
 * Prunes log rows older than $1 milliseconds that every group has passed, and those older than $2 whoever has not, at
 * most $3 of them.
 */
export const PRUNE_LOG_SQL = `
  delete from bus.log where ctid = any (array(
    select l.ctid from bus.log l
    where l.published_at < now() - $1::float8 * interval '1 millisecond'
      and (
        l.published_at < now() - $2::float8 * interval '1 millisecond'
        or not exists (
          select from bus.consumer_offsets o
          where o.topic = l.topic and o.partition = l.partition and o.next_offset <= l."offset"
        )
      )
    order by l.published_at limit $3
  ))`;
