// The load: transactions that count a key up and write what has happened with its event, as a service does. Several at a
// time and with a pause before the commit, so that rows of the outbox become visible in another order than that of their
// numbers. Some are rolled back.
import { setTimeout as pause } from 'node:timers/promises';
import { appendToOutbox, uuidv7, type TopicName } from '@wardline/event-bus';
import { createRandom } from '../random.ts';
import { KEYS_PER_TOPIC_AND_TENANT, TENANTS, TOPICS } from '../schema.ts';
import { joinDrill } from './process-config.ts';
import { openTransactions, type Transaction } from './transactions.ts';

const WORKERS = 12;
const ROLLED_BACK = 0.08;
const TWO_EVENTS = 0.25;

const { config, logger, report, stopped } = joinDrill();
const random = createRandom(config.seed);
const transactions = openTransactions(config.serviceUrl, WORKERS, logger);
let stopping = false;
void stopped.then(() => (stopping = true));

/** Mostly a moment; now and then long enough for many others to overtake. */
function commitDelayMs(): number {
  const kind = random.next();
  if (kind < 0.7) return random.between(0, 5);
  return kind < 0.95 ? random.between(5, 60) : random.between(100, 400);
}

async function happen(
  tx: Transaction,
  tenantId: string,
  topic: TopicName,
  key: string,
): Promise<() => Promise<void>> {
  const [counted] = await tx.query<{ n: string }>(
    `insert into chaos.counters as c (tenant_id, topic, key, n) values ($1, $2, $3, 1)
     on conflict (topic, key) do update set n = c.n + 1 returning n`,
    [tenantId, topic, key],
  );
  const n = Number(counted?.n);
  const id = uuidv7();
  await appendToOutbox(tx, 'chaos', {
    ...{
      id,
      topic,
      key,
      tenantId,
      type: 'wardline.chaos.v1.Counted',
      subject: `counters/${key}`,
      data: { key, n },
    },
  });
  return async () => {
    await tx.query(
      'insert into chaos.domain_rows (event_id, tenant_id, topic, key, n) values ($1, $2, $3, $4, $5)',
      [id, tenantId, topic, key, n],
    );
  };
}

async function transact(): Promise<void> {
  const tenant = random.next() < 0.5 ? 0 : 1;
  const tenantId = TENANTS[tenant] ?? '';
  const events = Array.from({ length: random.next() < TWO_EVENTS ? 2 : 1 }, () => {
    const topic = random.pick(TOPICS);
    return { topic, key: `${tenant}-${topic}-${Math.floor(random.next() * KEYS_PER_TOPIC_AND_TENANT)}` };
  }).sort((a, b) => (a.key < b.key ? -1 : 1)); // Locks in one order: no deadlocks.
  const commit = random.next() >= ROLLED_BACK;
  await transactions.run(tenantId, async (tx) => {
    const rows = [];
    for (const { topic, key } of events) rows.push(await happen(tx, tenantId, topic, key));
    await pause(commitDelayMs());
    for (const write of rows) await write();
    return commit;
  });
  if (!commit) report({ kind: 'rolled-back', count: 1 });
}

async function work(): Promise<void> {
  const everyMs = (1_000 * WORKERS) / config.rate;
  let due = performance.now() + random.between(0, everyMs);
  while (!stopping) {
    const now = performance.now();
    // What an outage held up is not made up for: this is load, not a quota.
    due = Math.max(due + random.between(0, 2 * everyMs), now);
    await pause(due - now);
    try {
      await transact();
    } catch (error) {
      // Committed or not: the domain rows say. An outage is what the drill is about.
      logger.warn('transaction failed', { err: error });
      await pause(200);
    }
  }
}

report({ kind: 'ready' });
await Promise.all(Array.from({ length: WORKERS }, work));
await transactions.close();
process.exit(0);
