import pg from 'pg';
import type { DomainRow, EffectRow, Evidence, TopicRecord } from './check.ts';

/** Reads what the drill has left behind, with nothing of the product: plain SQL, and a plain reader for the topics. */
export async function gatherEvidence(o: {
  adminUrl: string;
  groups: readonly string[];
  topics: readonly string[];
  readTopics?: () => Promise<TopicRecord[]>;
}): Promise<Evidence> {
  const client = new pg.Client({ connectionString: o.adminUrl, application_name: 'wardline-chaos-judge' });
  await client.connect();
  try {
    const commitTime = '(extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as "committedAt"';
    const event = 'event_id as "eventId", tenant_id as "tenantId", topic, key, n::float8 as n';
    const domain = await client.query<DomainRow>(`select ${event}, ${commitTime} from chaos.domain_rows`);
    const effects = await client.query<EffectRow>(
      `select consumer as "group", ${event}, position::float8 as position, ${commitTime} from chaos.effects`,
    );
    return {
      groups: o.groups,
      domain: domain.rows,
      effects: effects.rows,
      records: await (o.readTopics?.() ?? readLog(client, o.topics)),
      parked: await count(client, 'bus.parked'),
      deadLetters: await count(client, 'bus.dead_letters'),
      unsent: await count(client, 'chaos.outbox'),
    };
  } finally {
    await client.end();
  }
}

/** The topics of the embedded bus are a table. */
async function readLog(client: pg.Client, topics: readonly string[]): Promise<TopicRecord[]> {
  const { rows } = await client.query<TopicRecord>(
    `select topic, partition, "offset"::float8 as "offset", id as "eventId", tenant_id as "tenantId", key,
            (data ->> 'n')::float8 as n, subject, sequence::float8 as sequence
     from bus.log where topic = any ($1)`,
    [topics],
  );
  return rows;
}

async function count(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select count(*)::integer as n from ${table}`);
  return rows[0]?.n ?? 0;
}
