import { createKafkaBus, takeMany, type SqlQueryTx } from '@wardline/event-bus';
import { createLogger } from '@wardline/observability';
import pg from 'pg';
import { benchSchema, GROUP, TOPICS } from '../load.ts';
import { endWith, onMessage, readOptions, tell } from './child.ts';

const options = readOptions<{
  brokers: string[];
  parkingUrl: string;
  serviceUrl: string;
  batchMax?: number;
}>();
const logger = createLogger({ service: 'bench-consumer', level: 'warn', destination: process.stderr });
const pool = new pg.Pool({ connectionString: options.serviceUrl, max: 4 });
let events = 0;
let batches = 0;

const sql = (client: pg.PoolClient): SqlQueryTx => ({
  $executeRawUnsafe: async (text, ...values) => (await client.query(text, values)).rowCount ?? 0,
  $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) =>
    (await client.query({ text, values, name: text.slice(0, 60) })).rows as T,
});

const bus = createKafkaBus({
  connection: { brokers: options.brokers, clientId: 'bench-consumer' },
  parkingUrl: options.parkingUrl,
  logger,
});
const consumer = bus.subscribe({
  group: GROUP,
  topics: TOPICS,
  ...(options.batchMax ? { batchMax: options.batchMax } : {}),
  handleBatch: async (batch) => {
    const tenantId = batch[0]?.tenantId ?? '';
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('wardline.tenant_id', $1, true)`, [tenantId]);
      const ids = batch.map((event) => event.id);
      const fresh = await takeMany(sql(client), benchSchema.schema, GROUP, ids);
      await client.query({
        name: 'effect',
        text: `insert into bench.effects (tenant_id, event_id) select $1::uuid, * from unnest($2::uuid[])`,
        values: [tenantId, ids.filter((id) => fresh.has(id))],
      });
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
    events += batch.length;
    batches += 1;
    return { kind: 'ok' };
  },
});
let told = -1;
const ticker = setInterval(() => {
  if (events !== told) tell({ done: events });
  told = events;
}, 20);
onMessage((message) => {
  if (message['figures'] === true) {
    tell({ figures: { batches, events } });
    batches = 0;
    events = 0;
    told = -1;
  }
});
endWith(async () => {
  clearInterval(ticker);
  await consumer.close();
  await pool.end();
});
await consumer.start();
tell({ ready: true });
