import type { DrillKafka } from './kafka.ts';
import type { Target } from './killer.ts';
import type { DrillPostgres } from './postgres.ts';
import type { DeathPoint } from './processes/process-config.ts';
import type { Random } from './random.ts';
import type { ServiceKind, Supervisor } from './supervisor.ts';

/** How long a consumer may take to come to its next effect. */
const DIE_MS_MAX = 1_500;

function processTarget(supervisor: Supervisor, kind: ServiceKind, weight: number): Target {
  return {
    kind,
    weight,
    async breakIt(random) {
      const names = supervisor.up(kind);
      if (names.length === 0) return undefined;
      const name = random.pick(names);
      const pid = supervisor.kill(name);
      return pid === undefined ? undefined : { who: `${name} (${pid})`, whole: supervisor.ready(name) };
    },
  };
}

function deathTarget(supervisor: Supervisor, point: DeathPoint, weight: number): Target {
  return {
    kind: `consumer ${point}`,
    weight,
    async breakIt(random) {
      // Not every instance has partitions at every moment: the next one is asked when one comes to no event.
      for (const name of random.shuffled(supervisor.up('consumer'))) {
        const pid = await supervisor.die(name, point, DIE_MS_MAX);
        if (pid !== undefined) return { who: `${name} (${pid})`, whole: supervisor.ready(name) };
      }
      return undefined;
    },
  };
}

/** One server, broken in two ways, never in both at once: a restart must not find a server that another one is restarting. */
export function postgresTargets(postgres: Pick<DrillPostgres, 'restart'>, weight: number): Target[] {
  let last: Promise<unknown> = Promise.resolve();
  return (['SIGKILL', 'fast'] as const).map((how) => ({
    kind: `postgres ${how}`,
    weight,
    async breakIt(random: Random) {
      // Waits rather than skips, so that a round has seen every kind. Who broke it before hears of its failure.
      await last.catch(() => undefined);
      const whole = postgres.restart(how, random.between(100, 2_000));
      last = whole;
      return { who: how, whole };
    },
  }));
}

function brokerTarget(kafka: DrillKafka, weight: number): Target {
  let whole: Promise<unknown> = Promise.resolve();
  let busy = false;
  return {
    kind: 'broker',
    weight,
    async breakIt(random) {
      // Never two at once: the next one only when this one is back in every partition's in-sync set.
      if (busy) return undefined;
      busy = true;
      const { who, back } = await kafka.killBroker(random.next(), random.between(2_000, 5_000));
      whole = back.finally(() => (busy = false));
      return { who, whole };
    },
  };
}

export function targetsOf(o: {
  supervisor: Supervisor;
  postgres: DrillPostgres;
  kafka: DrillKafka | undefined;
}): Target[] {
  return [
    ...(o.kafka ? [brokerTarget(o.kafka, 1)] : []),
    processTarget(o.supervisor, 'relay', 2),
    processTarget(o.supervisor, 'consumer', 1),
    deathTarget(o.supervisor, 'before-commit', 1),
    deathTarget(o.supervisor, 'after-commit', 2),
    processTarget(o.supervisor, 'producer', 1),
    ...postgresTargets(o.postgres, 1),
  ];
}
