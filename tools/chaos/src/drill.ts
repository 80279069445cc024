import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@wardline/observability';
import pg from 'pg';
import { startDrillKafka, type DrillKafka } from './kafka.ts';
import { runKiller, type Kill } from './killer.ts';
import type { Judgement, JudgeConfig } from './judge.ts';
import type { DrillOptions } from './options.ts';
import { startPostgres, type DrillPostgres } from './postgres.ts';
import type { ProcessConfig } from './processes/process-config.ts';
import { GROUPS, TOPICS } from './schema.ts';
import { createSupervisor, type Service, type ServiceKind, type Supervisor } from './supervisor.ts';
import { targetsOf } from './targets.ts';

export interface Summary extends Omit<Judgement, 'ok'> {
  readonly ok: boolean;
  readonly bus: string;
  readonly plant: string | null;
  readonly seed: number;
  readonly seconds: number;
  readonly rolledBack: number;
  /** How often each kind of thing was broken. */
  readonly kills: Readonly<Record<string, number>>;
  /** Longest time from breaking it to its being whole again, per kind. */
  readonly backMsMax: Readonly<Record<string, number>>;
  /** Things that were not whole again within two minutes. */
  readonly neverBack: readonly string[];
  /** Processes that ended without being killed and were started again, as the loss of their database may make them. */
  readonly endedByThemselves: readonly string[];
  /** Processes that did not stop when asked to. */
  readonly stoppedLate: readonly string[];
  /** From the end of the load until every effect was there. */
  readonly settledMs: number | null;
}

/** Effects that come late must not come after the judge. */
const AFTER_SETTLED_MS = 2_500;
const STOP_MS_MAX = 20_000;

export async function runDrill(
  options: DrillOptions,
  say: (line: string) => void,
  logger: Logger,
): Promise<Summary> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-chaos-log-'));
  const logFile = path.join(dir, 'processes.log');
  const closers: (() => Promise<void>)[] = [];
  let keepLog = false;
  try {
    const kafka = options.bus === 'kafka' ? await startDrillKafka(options.brokers, logger) : undefined;
    if (kafka) closers.push(() => kafka.stop());
    const postgres = await startPostgres(logger);
    closers.push(() => postgres.stop());
    say(
      `${kafka ? `Kafka (${kafka.via}, ${kafka.brokers.length} brokers)` : 'log in Postgres'}, seed ${options.seed}`,
    );
    const supervisor = createSupervisor(servicesOf(options, postgres, kafka), logFile);
    closers.push(async () => supervisor.killAll());
    const summary = await runWith(options, { supervisor, postgres, kafka, say });
    keepLog = (!summary.ok && options.plant === undefined) || options.evidenceFile !== undefined;
    return summary;
  } catch (error) {
    keepLog = true;
    throw error;
  } finally {
    for (const close of closers.reverse()) await close();
    if (keepLog) say(`what the processes said: ${logFile}`);
    else rmSync(dir, { recursive: true, force: true });
  }
}

function servicesOf(
  options: DrillOptions,
  postgres: DrillPostgres,
  kafka: DrillKafka | undefined,
): Service[] {
  const counts: [ServiceKind, ProcessConfig['handler'], string, number][] = [
    ['relay', 'single', 'relay', 2],
    ['consumer', 'single', 'single', 3],
    ['consumer', 'batch', 'batch', 2],
    ['producer', 'single', 'producer', 2],
  ];
  return counts.flatMap(([kind, handler, label, count], group) =>
    Array.from({ length: count }, (_, index): Service => ({
      kind,
      config: {
        ...{ name: `${label}-${index + 1}`, handler, rate: options.rate / 2 },
        seed: options.seed + group * 100 + index,
        busUrl: postgres.url('wardline_bus'),
        parkingUrl: postgres.url(kafka ? 'wardline_parking' : 'wardline_bus'),
        serviceUrl: postgres.url('wardline_chaos'),
        ...(kafka ? { kafkaBrokers: kafka.brokers } : {}),
        ...(options.plant ? { plant: options.plant } : {}),
      },
    })),
  );
}

interface Parts {
  supervisor: Supervisor;
  postgres: DrillPostgres;
  kafka: DrillKafka | undefined;
  say: (line: string) => void;
}

async function runWith(options: DrillOptions, parts: Parts): Promise<Summary> {
  const { supervisor, postgres, kafka, say } = parts;
  await supervisor.start();
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const kills = await runKiller({
    targets: targetsOf(parts),
    seed: options.seed,
    // A group on Kafka takes as long as a session timeout to miss a member; killed faster than that, it would never work.
    pauseMs: kafka ? { min: 2_500, max: 6_500 } : { min: 700, max: 2_300 },
    until: AbortSignal.timeout(options.seconds * 1_000),
    onKill: (kill) => say(lineOf(kill)),
    now,
  });
  say(`${(now() / 1_000).toFixed(1)} s  the load ends`);
  const stoppedLate = await supervisor.stop('producer', STOP_MS_MAX);
  const settledMs = await settle(postgres.adminUrl, options.settleSeconds * 1_000);
  await pause(AFTER_SETTLED_MS);
  stoppedLate.push(...(await supervisor.stop('consumer', STOP_MS_MAX)));
  stoppedLate.push(...(await supervisor.stop('relay', STOP_MS_MAX)));
  const judgement = await judge({
    adminUrl: postgres.adminUrl,
    groups: Object.values(GROUPS),
    topics: TOPICS,
    ...(kafka ? { kafkaBrokers: kafka.brokers } : {}),
    ...(options.evidenceFile ? { evidenceFile: options.evidenceFile } : {}),
  });
  const neverBack = kills
    .filter((kill) => kill.backMs === undefined)
    .map((kill) => `${kill.kind} ${kill.who}`);
  return {
    ...judgement,
    ok: judgement.ok && neverBack.length === 0 && stoppedLate.length === 0,
    ...{ bus: options.bus, plant: options.plant ?? null, seed: options.seed, seconds: options.seconds },
    ...{ rolledBack: supervisor.rolledBack, ...tally(kills) },
    ...{ neverBack, endedByThemselves: supervisor.endedByThemselves, stoppedLate, settledMs },
  };
}

function lineOf(kill: Kill): string {
  const back = kill.backMs === undefined ? 'NEVER back' : `back after ${(kill.backMs / 1_000).toFixed(1)} s`;
  return `${(kill.atMs / 1_000).toFixed(1).padStart(6)} s  ${kill.kind}: ${kill.who}, ${back}`;
}

function tally(kills: readonly Kill[]): Pick<Summary, 'kills' | 'backMsMax'> {
  const counts: Record<string, number> = {};
  const backMsMax: Record<string, number> = {};
  for (const { kind, backMs = 0 } of kills) {
    counts[kind] = (counts[kind] ?? 0) + 1;
    backMsMax[kind] = Math.max(backMsMax[kind] ?? 0, backMs);
  }
  return { kills: counts, backMsMax };
}

/** Waits until nothing is under way any more; gives how long that took, null when it was not in time. */
async function settle(adminUrl: string, deadlineMs: number): Promise<number | null> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const since = performance.now();
  try {
    while (performance.now() - since < deadlineMs) {
      const { rows } = await client.query<{ open: boolean }>(
        `select exists (select from chaos.outbox) or exists (select from bus.parked) or exists (
           select from chaos.domain_rows d cross join unnest($1::text[]) as g (consumer)
           where not exists (select from chaos.effects e where e.event_id = d.event_id and e.consumer = g.consumer)
         ) as open`,
        [Object.values(GROUPS)],
      );
      if (rows[0]?.open === false) return Math.round(performance.now() - since);
      await pause(250);
    }
    return null;
  } finally {
    await client.end();
  }
}

/** In a process of its own, which shares nothing with the drill but where to look. */
async function judge(config: JudgeConfig): Promise<Judgement> {
  const file = fileURLToPath(new URL('judge.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    // The judge's kafkajs is as it comes (tulios/kafkajs #1751).
    [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=TimeoutNegativeWarning',
      ...[file, JSON.stringify(config)],
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const line = output.trim();
  if (line === '') throw new Error(`the judge ended with ${code} and said nothing`);
  return JSON.parse(line) as Judgement;
}
