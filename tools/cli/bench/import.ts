import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { findRunningCopy, type RunningCopy } from '@wardline/carrier-simulator/harness';
import type { Benchmark } from './benchmark.ts';
import { CampaignsApi } from './import/campaigns-api.ts';
import { goodFile, nastyFiles, type NastyFile } from './import/files.ts';
import { processOfCampaigns, residentMb, watchMemory } from './import/process-memory.ts';
import { makeCalls, spread, turnsMin, turnsOf, type LiveCalls } from './live-calls.ts';

const targets = { importSecondsMax: 60, rssPeakMbMax: 400, p95RatioMax: 1.5 };
/** After the last file, the service still registers patients; by then memory that it does not need is given back. */
const AFTER_MS = 10_000;
const CALLING_MS_MAX = 30_000;

interface OneImport {
  readonly seconds: number;
  readonly rowsPerSec: number;
  readonly accepted: number;
  /** Calls were going on from its first byte to its answer. */
  readonly underCalls: boolean;
}

/**
 * A large file is uploaded while people are on the phone: how long it takes, what memory it takes, and whether the callers
 * notice. Then files that are not what they should be.
 *   --rows N      good rows of the file (default 100000)
 *   --calls N     calls without and with the import (default 8 each; more until 50 turns are measured)
 *   --parallel P  callers at a time (default 2)
 */
export const importFile: Benchmark = {
  name: 'import',
  summary: 'a file of recipients during live calls: --rows 100000 --calls 8 --parallel 2',
  async run(options, say) {
    const rows = Math.max(1, Number(options['rows'] ?? 100_000));
    const calls = Math.max(1, Number(options['calls'] ?? 8));
    const parallel = Math.max(1, Number(options['parallel'] ?? 2));
    const copy = findRunningCopy();
    const holds = processOfCampaigns();
    const api = await CampaignsApi.signIn(copy.apiUrl);
    const loadBefore = load();

    say('calls with nothing else going on');
    const idle = await makeCalls({ copy, calls, parallel, say });
    const idleMs = spread(turnsOf(idle.calls));
    say(`turns: ${JSON.stringify(idleMs)}`);

    say(`calls while ${rows} rows are imported`);
    const during = await importUnderCalls({ copy, api, pid: holds.pid, rows, calls, parallel, say });
    const { imports, rssMb } = during;
    const duringMs = spread(turnsOf(during.live.calls));
    say(`turns: ${JSON.stringify(duringMs)}; resident memory in MB: ${JSON.stringify(rssMb)}`);

    say('files that are not what they should be');
    const nasty = await uploadNasty(api, holds.pid, say);

    const measured = imports.filter((one) => one.underCalls);
    const importSeconds = Math.max(...measured.map((one) => one.seconds));
    const p95Ratio = idleMs.p95 && duringMs.p95 ? Number((duringMs.p95 / idleMs.p95).toFixed(2)) : null;
    const figures = {
      ...{ rows, parallel, loadBefore, process: holds.name },
      importSeconds,
      importRowsPerSec: Math.min(...measured.map((one) => one.rowsPerSec)),
      imports,
      rssMb,
      turnLatencyMs: { idle: idleMs, during: duringMs, p95Ratio },
      calls: { idle: summary(idle), during: summary(during.live) },
      targets,
      met: {
        importSeconds: importSeconds <= targets.importSecondsMax,
        rssPeakMb: rssMb.peak <= targets.rssPeakMbMax,
        p95Ratio: p95Ratio !== null && p95Ratio <= targets.p95RatioMax,
        nasty: nasty.every((one) => one.asExpected),
      },
      nasty,
    };
    const enough = Math.min(idleMs.count, duringMs.count) >= turnsMin;
    const whole = measured.length > 0 && imports.every((one) => one.accepted === rows);
    return { ok: enough && whole, figures };
  },
};

const load = () => Number(loadavg()[0]!.toFixed(1));

const summary = ({ calls, failed }: LiveCalls) => ({
  calls: calls.length,
  failed,
  unanswered: calls.flatMap((c) => c.report.metrics.unanswered).length,
  gapsOver40Ms: calls.flatMap((c) => c.report.metrics.gaps).length,
});

/** One import after the other, each into a campaign of its own, until the last call is over. */
async function importUnderCalls(o: {
  readonly copy: RunningCopy;
  readonly api: CampaignsApi;
  readonly pid: number;
  readonly rows: number;
  readonly calls: number;
  readonly parallel: number;
  readonly say: (line: string) => void;
}): Promise<{ live: LiveCalls; imports: OneImport[]; rssMb: Record<'before' | 'peak' | 'after', number> }> {
  const file = goodFile(o.rows);
  const imports: OneImport[] = [];
  const state = { callsOver: false, importing: true };
  const calling = makeCalls({ ...o, goOn: () => state.importing && imports.length === 0 });
  const over = calling.then(
    () => (state.callsOver = true),
    () => (state.callsOver = true),
  );
  try {
    await someoneTalks(o.api);
    const before = residentMb(o.pid);
    const memory = watchMemory(o.pid);
    do {
      const id = await o.api.draft(`Import of ${o.rows} rows`);
      const { status, seconds, body } = await o.api.upload(id, { bytes: file.length, pieces: [file] });
      const underCalls = !state.callsOver;
      const rowsPerSec = Math.round(o.rows / seconds);
      const accepted = Number(body['accepted'] ?? 0);
      imports.push({ seconds, rowsPerSec, accepted, underCalls });
      o.say(
        `import: ${status}, ${accepted} rows in ${seconds} s${underCalls ? '' : ', after the last call'}`,
      );
      if (status !== 200) throw new Error(`the file was not taken: ${status} ${JSON.stringify(body)}`);
      await o.api.cancel(id);
    } while (!state.callsOver);
    const peak = memory.stop();
    await pause(AFTER_MS);
    return { live: await calling, imports, rssMb: { before, peak, after: residentMb(o.pid) } };
  } finally {
    state.importing = false;
    await over;
  }
}

async function someoneTalks(api: CampaignsApi): Promise<void> {
  for (const since = performance.now(); (await api.liveCalls()) === 0; await pause(200))
    if (performance.now() - since > CALLING_MS_MAX)
      throw new Error(`nobody was on the phone within ${CALLING_MS_MAX / 1_000} s`);
}

interface NastyUpload {
  readonly file: string;
  /** Null: the connection ended without an answer. */
  readonly status: number | null;
  readonly code: string | null;
  /** What is wrong with the file, as a word; for a file that was read, what became of its rows. */
  readonly reason: string | null;
  readonly seconds: number;
  readonly rssPeakMb: number;
  readonly recipientsAfter: number;
  /** A good file into the same campaign is taken afterwards. */
  readonly goodFileAfter: boolean;
  readonly asExpected: boolean;
}

async function uploadNasty(
  api: CampaignsApi,
  pid: number,
  say: (line: string) => void,
): Promise<NastyUpload[]> {
  const uploads: NastyUpload[] = [];
  for (const file of nastyFiles()) {
    // A platform that breaks down on a file is a figure too.
    const told = await uploadOne(api, pid, file).catch(brokeDown);
    uploads.push({ file: file.name, ...told });
    say(`${told.asExpected ? 'ok    ' : 'FAILED'} ${file.name}: ${JSON.stringify(told)}`);
  }
  return uploads;
}

const brokeDown = (error: unknown): Omit<NastyUpload, 'file'> => ({
  ...{ status: null, code: null, reason: String(error), seconds: 0, rssPeakMb: 0, recipientsAfter: 0 },
  ...{ goodFileAfter: false, asExpected: false },
});

async function uploadOne(
  api: CampaignsApi,
  pid: number,
  file: NastyFile,
): Promise<Omit<NastyUpload, 'file'>> {
  const good = goodFile(10);
  const id = await api.draft('Nasty file');
  const memory = watchMemory(pid);
  const { status, seconds, body } = await api.upload(id, { ...file, pieces: file.pieces() });
  const rssPeakMb = memory.stop();
  const recipientsAfter = await api.recipients(id);
  const next = await api.upload(id, { bytes: good.length, pieces: [good] });
  const goodFileAfter = next.status === 200 && Number(next.body['rows']) === 10;
  await api.cancel(id);
  const code = typeof body['code'] === 'string' ? body['code'] : null;
  const asExpected =
    (file.status === undefined ? status === null || status >= 400 : status === file.status) &&
    recipientsAfter === file.recipients &&
    goodFileAfter;
  const reason = reasonIn(body);
  return { status, code, reason, seconds, rssPeakMb, recipientsAfter, goodFileAfter, asExpected };
}

function reasonIn(body: Record<string, unknown>): string | null {
  if (typeof body['detail'] === 'string') return /^([a-z-]+): /.exec(body['detail'])?.[1] ?? null;
  return body['state'] === undefined
    ? null
    : `${String(body['state'])}: ${String(body['accepted'])} taken, ${String(body['refused'])} refused`;
}
