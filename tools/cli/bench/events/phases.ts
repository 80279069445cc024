import { provisionTopics, topics } from '@wardline/event-bus';
import { createSilentLogger } from '@wardline/observability';
import { cpuSecondsOf, cpuSecondsOfFamily } from './cpu-time.ts';
import type { Installation } from './installation.ts';
import { INSERT_OUTBOX, loadEvent, outboxColumns } from './load.ts';
import { percentiles } from './percentiles.ts';
import { startWorker, type Worker } from './worker.ts';

const INSERT_ROWS = 5_000;
const PHASE_DEADLINE_MS = 300_000;

export interface Pipeline {
  readonly relay: Worker;
  readonly consumer: Worker;
}

export async function startPipeline(at: Installation, o: PipelineOptions): Promise<Pipeline> {
  const { brokers, busUrl, parkingUrl, serviceUrl } = at;
  const [relay, consumer] = await Promise.all([
    startWorker('relay', { brokers, busUrl, lanes: o.lanes, batchMax: o.relayBatch }, o.profileDir),
    startWorker('consumer', { brokers, parkingUrl, serviceUrl, batchMax: o.consumerBatch }, o.profileDir),
  ]);
  return { relay, consumer };
}

export interface PipelineOptions {
  lanes?: number | undefined;
  relayBatch?: number | undefined;
  consumerBatch?: number | undefined;
  profileDir?: string | undefined;
}

interface WorkerFigures {
  figures: { batches: number; events: number };
}

async function figuresOf(worker: Worker): Promise<{ batches: number; events: number }> {
  const answer = worker.next<WorkerFigures>((message) => message['figures'] !== undefined);
  worker.send({ figures: true });
  return (await answer).figures;
}

/** (a) A backlog that was committed before: from the relay's start to the last committed effect. */
export async function backlog(at: Installation, pipeline: Pipeline, events: number) {
  for (let from = 0; from < events; from += INSERT_ROWS) {
    const part = Array.from({ length: Math.min(INSERT_ROWS, events - from) }, (_, i) => loadEvent(from + i));
    await at.admin.query(INSERT_OUTBOX, outboxColumns(part));
  }
  await at.admin.query('vacuum analyze bench.outbox');
  await at.admin.query('checkpoint');
  await figuresOf(pipeline.consumer);
  const { relay, consumer } = pipeline;
  const cpu = cpuMeter(at, { relay: relay.pid, consumer: consumer.pid });
  const done = reach(consumer, events);
  const startedAt = performance.now();
  relay.send({ start: true });
  await done;
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = cpu();
  const [taken, handled] = [await figuresOf(relay), await figuresOf(consumer)];
  const { rows } = await at.admin.query<{ effects: string; events: string }>(
    'select count(*) as effects, count(distinct event_id) as events from bench.effects',
  );
  if (Number(rows[0]?.effects) !== events || Number(rows[0]?.events) !== events) {
    throw new Error(
      `the backlog of ${events} became ${rows[0]?.effects} effects of ${rows[0]?.events} events`,
    );
  }
  await at.admin.query('truncate bench.effects');
  return {
    events,
    seconds: round(seconds, 2),
    events_per_sec: Math.round(events / seconds),
    events_per_transaction: {
      relay: Math.round(taken.events / taken.batches),
      consumer: Math.round(handled.events / handled.batches),
    },
    cpu_us_per_event: mapValues(cpuSeconds, (s) => round((s * 1e6) / events, 1)),
    cpu_cores: round(Object.values(cpuSeconds).reduce((a, b) => a + b, 0) / seconds, 2),
  };
}

/** (b), (c): one-event transactions at a rate; latency from the commit of the cause to the commit of the effect. */
export async function atRate(
  at: Installation,
  workers: Pipeline & { producer: Worker },
  perSecond: number,
  seconds: number,
) {
  const { producer, relay, consumer } = workers;
  await at.admin.query('truncate bench.effects, bench.facts');
  const cpu = cpuMeter(at, { producer: producer.pid, relay: relay.pid, consumer: consumer.pid });
  const produced = producer.next<{ produced: { committed: number; seconds: number } }>(
    (message) => message['produced'] !== undefined,
  );
  producer.send({ perSecond, seconds });
  const { committed, seconds: took } = (await produced).produced;
  const producedAt = performance.now();
  await untilEffects(at, committed);
  const catchUpMs = Math.round(performance.now() - producedAt);
  const cpuSeconds = cpu();
  const { rows } = await at.admin.query<{ ms: number }>(
    `select extract(epoch from pg_xact_commit_timestamp(e.xmin) - pg_xact_commit_timestamp(f.xmin)) * 1000 as ms
     from bench.facts f join bench.effects e using (event_id)`,
  );
  return {
    per_sec: perSecond,
    reached_per_sec: Math.round(committed / took),
    events: committed,
    catch_up_ms: catchUpMs,
    cpu_cores: mapValues(cpuSeconds, (s) => round(s / took, 2)),
    commit_to_effect_ms: percentiles(rows.map((row) => Number(row.ms))),
  };
}

/** kafkajs alone with the same messages, in the same run: one producer, one consumer, no database. */
export async function bareKafkajs(at: Installation, events: number, batch: number) {
  const topic = 'bench.bare';
  const shape = { ...topics['calls.changed'], partitions: topics['calls.changed'].partitions * 2 };
  await provisionTopics(
    { brokers: at.brokers },
    { logger: createSilentLogger(), declaration: { [topic]: shape } },
  );
  const consumer = await startWorker('bare-consumer', { brokers: at.brokers, topic });
  const producer = await startWorker('bare-producer', { brokers: at.brokers, topic, batch });
  try {
    const cpu = cpuMeter(at, { producer: producer.pid, consumer: consumer.pid });
    const done = reach(consumer, events);
    const startedAt = performance.now();
    producer.send({ count: events });
    await done;
    const seconds = (performance.now() - startedAt) / 1_000;
    return {
      events_per_sec: Math.round(events / seconds),
      cpu_us_per_event: mapValues(cpu(), (s) => round((s * 1e6) / events, 1)),
    };
  } finally {
    await Promise.all([producer.end(), consumer.end()]);
  }
}

async function untilEffects(at: Installation, count: number): Promise<void> {
  const deadline = performance.now() + PHASE_DEADLINE_MS;
  for (;;) {
    const { rows } = await at.admin.query<{ n: string }>('select count(*) as n from bench.effects');
    if (Number(rows[0]?.n) >= count) return;
    if (performance.now() > deadline)
      throw new Error(`only ${rows[0]?.n} of ${count} effects after 5 minutes`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function reach(consumer: Worker, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${count} events not reached`)), PHASE_DEADLINE_MS);
    consumer.on((message) => {
      if (typeof message['done'] !== 'number' || message['done'] < count) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** CPU seconds per part from now until it is called. */
function cpuMeter(at: Installation, pids: Record<string, number>): () => Record<string, number> {
  const measure = () => ({
    ...mapValues(pids, cpuSecondsOf),
    broker: at.brokerPids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0),
    postgres: cpuSecondsOfFamily(at.postgresPid),
  });
  const before: Record<string, number> = measure();
  return () => mapValues<number, number>(measure(), (value, name) => value - (before[name] ?? 0));
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
