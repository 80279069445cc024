// One-event transactions at a given rate: the change and its event, committed together.
import { partitionOf } from '@wardline/event-bus';
import pg from 'pg';
import { loadEvent } from '../load.ts';
import { endWith, onMessage, readOptions, tell } from './child.ts';

const options = readOptions<{ serviceUrl: string; connections: number }>();
const clients = await Promise.all(
  Array.from({ length: options.connections }, async () => {
    const client = new pg.Client({ connectionString: options.serviceUrl });
    await client.connect();
    return client;
  }),
);
let n = 0;

async function transaction(client: pg.Client): Promise<void> {
  const e = loadEvent(n++);
  await client.query('begin');
  await client.query({
    name: 'tenant',
    text: `select set_config('wardline.tenant_id', $1, true)`,
    values: [e.tenantId],
  });
  await client.query({
    name: 'fact',
    text: 'insert into bench.facts (event_id, tenant_id) values ($1, $2)',
    values: [e.id, e.tenantId],
  });
  await client.query({
    name: 'outbox',
    text: `insert into bench.outbox (id, tenant_id, topic, partition, type, key, subject, data, traceparent, occurred_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
    values: [
      ...[e.id, e.tenantId, e.topic, partitionOf(e.topic, e.key), e.type, e.key, e.subject],
      ...[JSON.stringify(e.data), e.traceparent],
    ],
  });
  await client.query('commit');
}

/** Open loop: a transaction begins when it is due, however long the one before it takes; what is late is not left out. */
async function produce(perSecond: number, seconds: number): Promise<{ committed: number; seconds: number }> {
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  let begun = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (begun < total) {
        const due = startedAt + (begun++ / perSecond) * 1_000;
        const waitMs = due - performance.now();
        if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
        await transaction(client);
      }
    }),
  );
  return { committed: total, seconds: (performance.now() - startedAt) / 1_000 };
}

onMessage((message) => {
  if (typeof message['perSecond'] !== 'number' || typeof message['seconds'] !== 'number') return;
  void produce(message['perSecond'], message['seconds']).then((produced) => tell({ produced }));
});
endWith(async () => void (await Promise.all(clients.map((client) => client.end()))));
tell({ ready: true });
