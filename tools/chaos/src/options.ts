import { parseArgs } from 'node:util';
import { plants, type Plant } from './processes/process-config.ts';

export interface DrillOptions {
  readonly seconds: number;
  readonly bus: 'kafka' | 'postgres';
  readonly brokers: 1 | 3;
  readonly plant: Plant | undefined;
  readonly seed: number;
  /** Transactions per second, of all producers. */
  readonly rate: number;
  /** How long effects may take after the load has ended; what is missing then counts as lost. */
  readonly settleSeconds: number;
  readonly json: boolean;
  /** Where to leave what the judge has read, for a closer look. */
  readonly evidenceFile: string | undefined;
}

export const usage = `npm run chaos -- events [OPTIONS]

  --minutes N | --seconds N   how long there is load and trouble (default 45 s)
  --bus kafka|postgres        real brokers, or the log in Postgres (default kafka)
  --brokers 1|3               default 3
  --rate N                    transactions per second (default 100)
  --seed N                    of the kill schedule (default: the time, and shown)
  --settle N                  seconds that effects may take afterwards (default 90)
  --plant ${plants.join('|')}
                              a mistake made on purpose: the drill must fail
  --evidence FILE             leaves what the judge has read, as JSON, and what the processes said
  --json                      nothing but the summary, which is one line and the last one
`;

/** @throws Error with what is wrong, for a person */
export function parseOptions(args: readonly string[], now = Date.now()): DrillOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ minutes: { type: 'string' }, seconds: { type: 'string' }, bus: { type: 'string' } },
      ...{ brokers: { type: 'string' }, rate: { type: 'string' }, seed: { type: 'string' } },
      ...{ settle: { type: 'string' }, plant: { type: 'string' } },
      evidence: { type: 'string' },
      ...{ json: { type: 'boolean' }, help: { type: 'boolean' } },
    } as const,
  });
  if (values.help) return 'help';
  const number = (name: string, text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (!(value > 0)) throw new Error(`--${name} is a number above 0`);
    return value;
  };
  const bus = values.bus ?? 'kafka';
  if (bus !== 'kafka' && bus !== 'postgres') throw new Error('--bus is kafka or postgres');
  const brokers = number('brokers', values.brokers, 3);
  if (brokers !== 1 && brokers !== 3) throw new Error('--brokers is 1 or 3');
  const plant = plants.find((one) => one === values.plant);
  if (values.plant !== undefined && !plant) throw new Error(`--plant is one of ${plants.join(', ')}`);
  return {
    ...{ bus, brokers, plant, json: values.json ?? false, evidenceFile: values.evidence },
    seconds: values.minutes
      ? number('minutes', values.minutes, 1) * 60
      : number('seconds', values.seconds, 45),
    seed: Math.trunc(number('seed', values.seed, now % 1_000_000)),
    rate: number('rate', values.rate, 100),
    settleSeconds: number('settle', values.settle, 90),
  };
}
