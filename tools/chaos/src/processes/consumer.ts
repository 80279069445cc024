// One instance of a consumer group. Its effect is a row, made in one transaction with the inbox. When told to, it kills
// itself at the next event on one or the other side of that commit: the effect is undone, or made and the bus not told.
import { setTimeout as pause } from 'node:timers/promises';
import { takeMany, takeOnce, type BusEvent, type Outcome, type Subscription } from '@wardline/event-bus';
import { createRandom } from '../random.ts';
import { GROUPS, TOPICS } from '../schema.ts';
import { busOf } from './bus.ts';
import { joinDrill, type DeathPoint } from './process-config.ts';
import { openTransactions, type Transaction } from './transactions.ts';

/** How late the effect is that `commit-first` makes: longer than the bus takes to commit the offset it was told. */
const LATE_MS = 1_500;

/** Now and then a handler fails, so that keys are parked while everything else goes wrong as well. */
const EVENT_FAILS = 0.01;
const BATCH_FAILS = 0.05;

/** Far below the product's, so that one outage makes several batches of one key. */
const BATCH_MAX = 40;

const { config, logger, report, onDie, stopped } = joinDrill();
const group = GROUPS[config.handler];
const random = createRandom(config.seed);
const transactions = openTransactions(config.serviceUrl, 10, logger);
let deathPoint: DeathPoint | undefined;
onDie((point) => (deathPoint = point));

const dieAt = (point: DeathPoint): void => {
  if (point === deathPoint) process.kill(process.pid, 'SIGKILL');
};

async function insertEffects(tx: Transaction, events: readonly BusEvent[]): Promise<void> {
  await tx.query(
    `insert into chaos.effects (tenant_id, consumer, event_id, topic, key, n)
     select $1, $2, event_id, topic, key, n
     from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[]) with ordinality as e (event_id, topic, key, n, nth)
     order by nth`,
    [
      ...[
        events[0]?.tenantId,
        group,
        events.map((e) => e.id),
        events.map((e) => e.topic),
        events.map((e) => e.key),
      ],
      events.map((e) => e.data['n']),
    ],
  );
}

async function makeEffects(events: readonly BusEvent[]): Promise<void> {
  const tenantId = events[0]?.tenantId ?? '';
  let made = 0;
  await transactions.run(tenantId, async (tx) => {
    let fresh = events;
    if (config.plant !== 'inbox-off') {
      const ids = events.map((event) => event.id);
      const [only = ''] = ids;
      const taken =
        config.handler === 'batch'
          ? await takeMany(tx, 'chaos', group, ids)
          : new Set((await takeOnce(tx, 'chaos', group, only)) ? ids : []);
      fresh = events.filter((event) => taken.has(event.id));
    }
    made = fresh.length;
    if (made === 0) return false;
    // As an effect with some work in it: kills find transactions under way.
    await pause(random.next() < 0.02 ? random.between(20, 200) : random.between(0, 4));
    await insertEffects(tx, fresh);
    dieAt('before-commit');
    return true;
  });
  if (made > 0) dieAt('after-commit');
}

/** What the bus promises of every event it hands over. The judge finds a breach as a dead letter. */
function isSound(events: readonly BusEvent[]): boolean {
  return events.every(
    (event) =>
      event.data['key'] === event.key &&
      event.subject === `counters/${event.key}` &&
      event.tenantId === events[0]?.tenantId &&
      /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(event.traceparent),
  );
}

async function handle(events: readonly BusEvent[]): Promise<Outcome> {
  if (!isSound(events)) return { kind: 'dead-letter', reason: 'not as it was written' };
  if (random.next() < (events.length > 1 ? BATCH_FAILS : EVENT_FAILS))
    return { kind: 'retry', reason: 'now and then' };
  if (config.plant === 'commit-first') {
    void pause(LATE_MS)
      .then(() => makeEffects(events))
      .catch((error: unknown) => logger.warn('late effect failed', { err: error }));
    return { kind: 'ok' };
  }
  await makeEffects(events);
  return { kind: 'ok' };
}

const subscription: Subscription =
  config.handler === 'batch'
    ? { group, topics: TOPICS, handleBatch: handle, batchMax: BATCH_MAX }
    : { group, topics: TOPICS, handle: (event) => handle([event]) };
const consumer = busOf(config, logger).subscribe(subscription);
await consumer.start();
report({ kind: 'ready' });
await stopped;
await consumer.drain?.();
await consumer.close();
if (config.plant === 'commit-first') await pause(LATE_MS + 500);
await transactions.close();
process.exit(0);
