import { mkdirSync } from 'node:fs';
import type { Benchmark } from './benchmark.ts';
import { startInstallation } from './events/installation.ts';
import { atRate, backlog, bareKafkajs, startPipeline } from './events/phases.ts';
import { summariseProfiles } from './events/profile.ts';
import { startWorker } from './events/worker.ts';

const RATE_PER_SEC = 300;
/** A rate holds when the pipeline keeps up: it ends soon after its producer, and nobody waited long meanwhile. */
const HOLDS = { catchUpMs: 1_000, p99Ms: 1_000, reached: 0.98 };

/** The event backbone on one Kafka broker, with everything it needs on this machine. */
export const events: Benchmark = {
  name: 'events',
  summary:
    'outbox → Kafka → effect: --events 200000 --rate-seconds 30 --sustain-seconds 60 [--phase backlog|rate|sustained|bare] [--profile DIR]',
  async run(options, say) {
    const count = Number(options['events'] ?? 200_000);
    const phases = options['phase']?.split(',') ?? ['bare', 'backlog', 'rate', 'sustained'];
    const profileDir = options['profile'];
    if (profileDir) mkdirSync(profileDir, { recursive: true });
    const at = await startInstallation(say);
    const figures: Record<string, unknown> = {};
    try {
      if (phases.includes('bare')) {
        say(`kafkajs alone, ${count} messages`);
        const bare = await bareKafkajs(at, count, 1_000);
        Object.assign(figures, { kafkajs_events_per_sec: bare.events_per_sec, kafkajs: bare });
        say(JSON.stringify(bare));
      }
      const pipeline = await startPipeline(at, {
        lanes: options['lanes'] ? Number(options['lanes']) : undefined,
        relayBatch: options['relay-batch'] ? Number(options['relay-batch']) : undefined,
        consumerBatch: options['consumer-batch'] ? Number(options['consumer-batch']) : undefined,
        profileDir,
      });
      if (phases.includes('backlog')) {
        say(`a backlog of ${count} committed events`);
        const result = await backlog(at, pipeline, count);
        Object.assign(figures, { backlog_events_per_sec: result.events_per_sec, backlog: result });
        say(JSON.stringify(result));
      } else {
        pipeline.relay.send({ start: true });
      }
      const producer = await startWorker('producer', { serviceUrl: at.serviceUrl, connections: 8 });
      const workers = { ...pipeline, producer };
      if (phases.includes('rate')) {
        const seconds = Number(options['rate-seconds'] ?? 30);
        say(`${RATE_PER_SEC} one-event transactions a second for ${seconds} s`);
        await atRate(at, workers, RATE_PER_SEC, 3); // Warm: the first statements of a connection are planned.
        const result = await atRate(at, workers, RATE_PER_SEC, seconds);
        Object.assign(figures, { commit_to_effect_ms: result.commit_to_effect_ms, rate: result });
        say(JSON.stringify(result));
      }
      if (phases.includes('sustained')) {
        const seconds = Number(options['sustain-seconds'] ?? 60);
        const probes: unknown[] = [];
        const holds = async (rate: number, duration: number): Promise<boolean> => {
          const r = await atRate(at, workers, rate, duration);
          const ok =
            r.catch_up_ms <= HOLDS.catchUpMs &&
            r.commit_to_effect_ms.p99 <= HOLDS.p99Ms &&
            r.reached_per_sec >= rate * HOLDS.reached;
          probes.push({ ...r, seconds: duration, holds: ok });
          say(`${ok ? 'holds' : 'does not hold'}: ${JSON.stringify(r)}`);
          return ok;
        };
        const sustained = await highestRate(holds, seconds);
        Object.assign(figures, { sustained_events_per_sec: sustained, sustained: { probes } });
      }
      await Promise.all([producer.end(), pipeline.relay.end(), pipeline.consumer.end()]);
      if (profileDir) figures['profile'] = summariseProfiles(profileDir);
      return { ok: true, figures };
    } finally {
      await at.stop();
    }
  },
};

/** Doubles until a short try fails, halves the rest three times, and then asks for the whole time, going down if it must. */
async function highestRate(
  holds: (rate: number, seconds: number) => Promise<boolean>,
  seconds: number,
): Promise<number> {
  const probe = Math.min(10, seconds);
  let low = 0;
  let high = 1_000;
  while (await holds(high, probe)) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 3; i++) {
    const middle = Math.round((low + high) / 200) * 100;
    if (middle <= low || middle >= high) break;
    if (await holds(middle, probe)) low = middle;
    else high = middle;
  }
  for (let rate = low; rate > 0; rate = Math.floor((rate * 0.9) / 100) * 100) {
    if (await holds(rate, seconds)) return rate;
  }
  return 0;
}
