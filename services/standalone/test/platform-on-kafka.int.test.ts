import { describeWithKafka, describeWithRedis } from '@wardline/local-infrastructure';
import { commandOf } from '../src/orphans.ts';
import { RunningCopy, until } from '../src/testing/running-copy.ts';
import { describeEventTrace } from './suites/event-trace.ts';
import { describeScenarios } from './suites/scenarios.ts';

/**
 * Every service as a process of its own on a real Kafka, PostgreSQL and Redis, started once as `npm run platform` does it. The
 * scenarios are those of the embedded run, unchanged.
 */
const scenarios = ['plain-booking', 'caller-interrupts', 'two-callers-one-slot'];
const services = [
  'directory',
  'appointments',
  'telephony-gateway',
  'conversation-brain',
  'voice-media',
  'notifications',
  'campaigns',
  'patients',
  'insights',
  'api-gateway',
  'event-relay',
];

describeWithKafka('Wardline on Kafka', () => {
  describeWithRedis('and Redis', () => {
    // Names of its own, where KAFKA_BROKERS and REDIS_URL name servers that others use too.
    const own = { KAFKA_TOPIC_PREFIX: `test-${process.pid}.`, REDIS_KEY_PREFIX: `test-${process.pid}:` };
    const copy = new RunningCopy(own, 'platform');
    beforeAll(() => copy.start(), 300_000);
    afterAll(() => copy.dispose(), 60_000);

    it('runs every service by itself', () => {
      const { mode, processes, kafka, redisUrl } = copy.run;
      expect(mode).toBe('platform');
      expect(processes.map(({ name }) => name).sort()).toEqual([...services].sort());
      expect(new Set(processes.map(({ pid }) => pid)).size).toBe(services.length);
      expect(kafka?.brokers.length).toBeGreaterThan(0);
      expect(redisUrl).toMatch(/^redis/);
    });

    describeScenarios(copy, scenarios, 2);
    describeEventTrace(copy);

    it('starts a service that was killed again, and no other', async () => {
      const before = new Map(copy.run.processes.map(({ name, pid }) => [name, pid]));
      process.kill(before.get('notifications') ?? 0, 'SIGKILL');
      const after = await until('notifications are back', async () => {
        const now = new Map(copy.run.processes.map(({ name, pid }) => [name, pid]));
        return now.get('notifications') === before.get('notifications') ? undefined : now;
      });
      before.delete('notifications');
      after.delete('notifications');
      expect(after).toEqual(before);
    });

    it('ends in time, with all that it has started', async () => {
      const { processes, simulator } = copy.run;
      const pids = [...processes, ...(simulator ? [simulator] : [])].map(({ pid }) => pid);
      const { code, ms } = await copy.stop();
      expect(code).toBe(0);
      expect(ms).toBeLessThan(30_000);
      expect(pids.filter((pid) => commandOf(pid) !== undefined)).toEqual([]);
    });
  });
});
