import { probeKafka } from './kafka/start-kafka.ts';
import { probeRedis } from './redis/start-redis.ts';

/**
 * A suite that needs a server. Where that cannot be had the suite is skipped by its name, with the reason; under CI=true
 * that is a failure instead, so that nobody believes to have tested what was left out.
 */
function describeWith(
  probe: { ok: true } | { ok: false; reason: string },
  name: string,
  suite: () => void,
): void {
  if (probe.ok) {
    describe(name, suite);
    return;
  }
  if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('has what it needs', () => {
        throw new Error(probe.reason);
      });
    });
    return;
  }
  process.stderr.write(`skipped: ${name}: ${probe.reason}\n`);
  describe.skip(name, suite);
}

/** `describe` for a suite whose `beforeAll` calls `startKafka()`. `own`: it does not want the one of KAFKA_BROKERS. */
export const describeWithKafka = (name: string, suite: () => void, o: { own?: boolean } = {}): void =>
  describeWith(probeKafka(o), name, suite);

/** `describe` for a suite whose `beforeAll` calls `startRedis()`. */
export const describeWithRedis = (
  name: string,
  suite: () => void,
  o: { own?: boolean; program?: boolean } = {},
): void => describeWith(probeRedis(o), name, suite);
