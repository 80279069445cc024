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

/** Restarts that follow one another at once would only be one long outage. */
function postgresTarget(postgres: DrillPostgres, how: 'SIGKILL' | 'fast', weight: number): Target {
  let busy = false;
  return {
    kind: `postgres ${how}`,
    weight,
    async breakIt(random: Random) {
      if (busy) return undefined;
      busy = true;
      const whole = postgres.restart(how, random.between(100, 2_000)).finally(() => (busy = false));
      return { who: how, whole };
    },
  };
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
    postgresTarget(o.postgres, 'SIGKILL', 1),
    postgresTarget(o.postgres, 'fast', 1),
  ];
}
