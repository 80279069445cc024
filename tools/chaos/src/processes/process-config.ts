import { createLogger, type Logger } from '@wardline/observability';

export const plants = ['inbox-off', 'commit-first', 'relay-by-id'] as const;
/** A mistake that the drill makes on purpose, to see that the judge notices. They live here, not in the product. */
export type Plant = (typeof plants)[number];

/** Where a consumer asked to die does so: on both sides of its effect's commit, before the bus learns of it. */
export type DeathPoint = 'before-commit' | 'after-commit';

/** What every process of the drill is told, as JSON in `WARDLINE_CHAOS`. */
export interface ProcessConfig {
  readonly name: string;
  /** Role wardline_bus. */
  readonly busUrl: string;
  /** Role of consumers of Kafka, who keep parked keys in Postgres. */
  readonly parkingUrl: string;
  /** Role wardline_chaos. */
  readonly serviceUrl: string;
  /** `host:port` each; absent: the log in Postgres. */
  readonly kafkaBrokers?: readonly string[];
  readonly plant?: Plant;
  readonly seed: number;
  /** Transactions per second of this producer. */
  readonly rate: number;
  readonly handler: 'single' | 'batch';
}

/** Parent to child. */
export type Order = { kind: 'stop' } | { kind: 'die'; point: DeathPoint } | { kind: 'live' };
/** Child to parent. */
export type Report = { kind: 'ready' } | { kind: 'rolled-back'; count: number };

export interface DrillProcess {
  readonly config: ProcessConfig;
  readonly logger: Logger;
  report(report: Report): void;
  onDie(then: (point: DeathPoint | undefined) => void): void;
  /** Resolves when the parent says so. */
  readonly stopped: Promise<void>;
}

/** The child's side of a process that the supervisor has started. Ends with its parent, however that dies. */
export function joinDrill(): DrillProcess {
  const config = JSON.parse(process.env['WARDLINE_CHAOS'] ?? '{}') as ProcessConfig;
  const stop = Promise.withResolvers<void>();
  let die: (point: DeathPoint | undefined) => void = () => undefined;
  process.on('message', (order: Order) => {
    if (order.kind === 'stop') stop.resolve();
    else die(order.kind === 'die' ? order.point : undefined);
  });
  process.on('disconnect', () => process.exit(0));
  return {
    config,
    logger: createLogger({ service: `chaos-${config.name}`, level: 'info' }),
    report: (report) => void process.send?.(report),
    onDie: (then) => (die = then),
    stopped: stop.promise,
  };
}
