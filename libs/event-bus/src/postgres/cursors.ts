import type pg from 'pg';
import { createOwnedPartition, type OwnedPartition } from '../consumer/owned-partition.ts';
import { LOCK_PARTITIONS_SQL } from '../relay/relay-sql.ts';
import { LOG_COLUMNS, type LogRow } from '../stored-event.ts';

/**
 * Tries for the partitions that are not owned yet, and begins each where the group has come to; a new group at the oldest.
 *
 * @returns those it got
 */
export async function claimPartitions(
  client: pg.Client,
  group: string,
  all: readonly { topic: string; partition: number }[],
  owned: Map<string, OwnedPartition>,
): Promise<Set<OwnedPartition>> {
  const claimed = new Set<OwnedPartition>();
  const missing = all.filter(({ topic, partition }) => !owned.has(`${topic} ${partition}`));
  if (missing.length === 0) return claimed;
  const got = await client.query<{ topic: string; partition: number }>(LOCK_PARTITIONS_SQL, [
    `group ${group}`,
    missing.map((one) => one.topic),
    missing.map((one) => one.partition),
  ]);
  if (got.rows.length === 0) return claimed;
  // Read after the lock was taken: nobody else moves these offsets any more.
  const offsets = await client.query<{ topic: string; partition: number; next_offset: string }>(
    `select topic, partition, next_offset from bus.consumer_offsets
     where consumer_group = $1 and (topic, partition) in (select * from unnest($2::text[], $3::integer[]))`,
    [group, got.rows.map((row) => row.topic), got.rows.map((row) => row.partition)],
  );
  const starts = new Map(
    offsets.rows.map((row) => [`${row.topic} ${row.partition}`, BigInt(row.next_offset)]),
  );
  for (const { topic, partition } of got.rows) {
    const name = `${topic} ${partition}`;
    const place = createOwnedPartition(topic, partition, starts.get(name) ?? 0n);
    owned.set(name, place);
    claimed.add(place);
  }
  return claimed;
}

export async function readHighWater(
  client: pg.Client,
  topics: readonly string[],
): Promise<{ topic: string; partition: number; nextOffset: bigint }[]> {
  const { rows } = await client.query<{ topic: string; partition: number; next_offset: string }>({
    name: 'high-water',
    text: 'select topic, partition, next_offset from bus.partitions where topic = any ($1::text[])',
    values: [topics],
  });
  return rows.map((row) => ({
    topic: row.topic,
    partition: row.partition,
    nextOffset: BigInt(row.next_offset),
  }));
}

export async function fetchRows(client: pg.Client, place: OwnedPartition, limit: number): Promise<LogRow[]> {
  const { rows } = await client.query<LogRow>({
    name: 'fetch',
    text: `select ${LOG_COLUMNS} from bus.log where topic = $1 and partition = $2 and "offset" >= $3::bigint
           order by "offset" limit $4`,
    values: [place.topic, place.partition, place.position.toString(), limit],
  });
  return rows;
}

/** Writes the watermarks that have moved. */
export async function commitOffsets(
  client: pg.Client,
  group: string,
  partitions: Iterable<OwnedPartition>,
): Promise<void> {
  const moved = [...partitions]
    .filter((place) => place.committable > place.committed)
    .map((place) => ({ place, offset: place.committable }));
  if (moved.length === 0) return;
  await client.query(
    `insert into bus.consumer_offsets (consumer_group, topic, partition, next_offset)
     select $1, * from unnest($2::text[], $3::integer[], $4::bigint[])
     on conflict (consumer_group, topic, partition) do update set next_offset = excluded.next_offset`,
    [
      group,
      moved.map(({ place }) => place.topic),
      moved.map(({ place }) => place.partition),
      moved.map(({ offset }) => offset.toString()),
    ],
  );
  for (const { place, offset } of moved) place.committed = offset;
}
