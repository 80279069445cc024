import type pg from 'pg';
import type { BusEvent } from '../event.ts';
import { mergeByTime } from '../merge-by-time.ts';
import type { TopicName } from '../topics.ts';
import { LOG_COLUMNS, parseLogRow, type LogRow } from '../stored-event.ts';

/** Reads the log from the side, without a group: for people and tools that look on. Not for effects. */
export interface LogReader {
  /** What was published in the last milliseconds given and not read yet, in order of publication, at most some thousands. */
  readSince(ageMs: number): Promise<BusEvent[]>;
  /** What was published after the last read. */
  readNew(): Promise<BusEvent[]>;
}

const ROWS_MAX = 5_000;

export function createLogReader(
  client: pg.Client,
  options: { topics?: readonly TopicName[] } = {},
): LogReader {
  const topics = options.topics ?? null;
  /** Next offset to read. A place without an entry begins at 0. */
  const positions = new Map<string, { topic: string; partition: number; next: bigint }>();

  function advance(rows: readonly LogRow[]): BusEvent[] {
    for (const { topic, partition, offset } of rows) {
      positions.set(`${topic} ${partition}`, { topic, partition, next: BigInt(offset) + 1n });
    }
    return shown(rows);
  }

  return {
    async readSince(ageMs) {
      const ends = await client.query<{ topic: string; partition: number; next_offset: string }>(
        'select topic, partition, next_offset from bus.partitions where $1::text[] is null or topic = any ($1)',
        [topics],
      );
      for (const { topic, partition, next_offset } of ends.rows) {
        positions.set(`${topic} ${partition}`, { topic, partition, next: BigInt(next_offset) });
      }
      const places = ends.rows;
      const { rows } = await client.query<LogRow>(
        `select * from (
           select ${LOG_COLUMNS} from bus.log l
           join unnest($2::text[], $3::integer[], $4::bigint[]) as e (topic, partition, next_offset)
             using (topic, partition)
           where l."offset" < e.next_offset and published_at >= now() - $1::float8 * interval '1 millisecond'
           order by published_at desc, topic desc, partition desc, "offset" desc limit ${ROWS_MAX}
         ) as newest order by published_at, topic, partition, "offset"`,
        [
          ageMs,
          places.map((place) => place.topic),
          places.map((place) => place.partition),
          places.map((place) => place.next_offset),
        ],
      );
      return shown(rows);
    },
    async readNew() {
      const known = [...positions.values()];
      // Per partition by offset, which rises in the order of commits; a time would skip what commits late.
      const { rows } = await client.query<LogRow>(
        `select ${LOG_COLUMNS} from bus.log l
         left join unnest($2::text[], $3::integer[], $4::bigint[]) as e (topic, partition, next_offset)
           using (topic, partition)
         where ($1::text[] is null or topic = any ($1)) and l."offset" >= coalesce(e.next_offset, 0)
         order by published_at, topic, partition, "offset" limit ${ROWS_MAX}`,
        [
          topics,
          known.map((place) => place.topic),
          known.map((place) => place.partition),
          known.map((place) => place.next.toString()),
        ],
      );
      return advance(rows);
    },
  };
}

/** A relay publishes many at the same moment: in the order of writing then, not of their topics' names. */
const shown = (rows: readonly LogRow[]): BusEvent[] =>
  mergeByTime(rows.flatMap((row) => parseLogRow(row) ?? []));
