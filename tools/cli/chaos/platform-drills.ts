/** Drills on the whole platform in mid-call. */
import { demo } from '@wardline/contracts';
import { RunningCopy, signIn, until } from '@wardline/standalone/testing';
import pg from 'pg';
import { parseArgs } from 'node:util';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly ms?: number;
}

const drills: Record<string, { what: string; run: (copy: RunningCopy) => Promise<Finding[]> }> = {
  restart: {
    what: 'kill -9 of every process in mid-call, the carrier left running; then start again',
    run: drillRestart,
  },
  media: { what: 'kill -9 of voice-media in mid-call; the others must go on', run: drillMedia },
  realtime: {
    what: 'kill -9 of telephony, brain, appointments and directory in mid-call',
    run: drillRealtime,
  },
};

const terminal = ['completed', 'escalated', 'failed'];

interface CallRow {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
}

async function withDatabase<T>(copy: RunningCopy, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: copy.run.databaseAdminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The newest call as the API shows it. */
async function newestCall(copy: RunningCopy): Promise<CallRow | undefined> {
  const api = await signIn(copy, demo.clinics[0]);
  return (await api<{ items: CallRow[] }>('GET', '/calls?limit=1')).body.items[0];
}

/** Starts a booking and waits until the caller has said something in it. */
async function callInProgress(
  copy: RunningCopy,
): Promise<{ id: string; result: ReturnType<RunningCopy['call']> }> {
  const result = copy.call('--scenario', 'plain-booking');
  const api = await signIn(copy, demo.clinics[0]);
  const id = await until(
    'a caller has spoken',
    async () => {
      const call = (await api<{ items: CallRow[] }>('GET', '/calls?live=true&limit=1')).body.items[0];
      if (!call) return undefined;
      const { transcript } = (await api<{ transcript: { speaker: string }[] }>('GET', `/calls/${call.id}`))
        .body;
      return transcript.some(({ speaker }) => speaker === 'caller') ? call.id : undefined;
    },
    60_000,
  );
  return { id, result };
}

const lineCount = async (copy: RunningCopy, id: string) => {
  const api = await signIn(copy, demo.clinics[0]);
  return (await api<{ transcript: unknown[] }>('GET', `/calls/${id}`)).body.transcript.length;
};

/** How the call went on: resumed (new lines) or ended, and when; then that it ended at all and left nothing held. */
async function afterwards(
  copy: RunningCopy,
  id: string,
  linesBefore: number,
  since: number,
): Promise<Finding[]> {
  const outcome = await until(
    'the call is resumed or over',
    async () => {
      const call = await newestCall(copy);
      if (call && terminal.includes(call.state)) return 'over';
      return (await lineCount(copy, id)) > linesBefore ? 'resumed' : undefined;
    },
    30_000,
  ).catch(() => undefined);
  const ms = Math.round(performance.now() - since);
  const findings: Finding[] = [
    {
      what: `the live call is ${outcome ?? 'neither resumed nor over'}, within 10 s`,
      ok: outcome !== undefined && ms <= 10_000,
      ms,
    },
  ];
  const ended = await until(
    'the call is terminal',
    async () => {
      const call = await newestCall(copy);
      return call && terminal.includes(call.state) ? call : undefined;
    },
    180_000,
  ).catch(() => undefined);
  findings.push({
    what: `the call is terminal (${ended?.state ?? 'not'}, ${ended?.outcome ?? 'no outcome'})`,
    ok: ended !== undefined,
  });
  const held = await withDatabase(copy, async (client) =>
    Number(
      (
        await client.query(
          `SELECT count(*) AS n FROM appointments.occupancy WHERE expires_at < now() - interval '2 minutes'`,
        )
      ).rows[0].n,
    ),
  );
  findings.push({ what: `${held} slots are held beyond their expiry`, ok: held === 0 });
  return findings;
}

async function drillRestart(copy: RunningCopy): Promise<Finding[]> {
  const { id, result } = await callInProgress(copy);
  const port = copy.run.port;
  const lines = await lineCount(copy, id);
  await copy.killAll();
  const killedAt = performance.now();
  await copy.start(port);
  const startedAt = performance.now();
  const findings: Finding[] = [{ what: 'starts again', ok: true, ms: Math.round(startedAt - killedAt) }];
  findings.push({
    what: 'what was said before is there',
    ok: (await lineCount(copy, id)) >= Math.min(lines, 1),
  });
  findings.push(...(await afterwards(copy, id, lines, startedAt)));
  const caller = await result;
  findings.push({ what: `the caller’s side ended with ${caller.code}`, ok: caller.code !== null });
  return findings;
}

async function killProcess(copy: RunningCopy, name: string): Promise<number> {
  const pid = copy.run.processes.find((p) => p.name === name)?.pid;
  if (!pid) throw new Error(`no process ${name}`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

async function drillMedia(copy: RunningCopy): Promise<Finding[]> {
  const { id, result } = await callInProgress(copy);
  const lines = await lineCount(copy, id);
  const others = copy.run.processes.filter(({ name }) => name !== 'media');
  const pid = await killProcess(copy, 'media');
  const killedAt = performance.now();
  const api = await signIn(copy, demo.clinics[0]);
  const findings: Finding[] = [
    { what: 'the API answers meanwhile', ok: (await api('GET', '/calls')).status === 200 },
  ];
  const back = await until('media has a new pid', async () =>
    copy.run.processes.find((p) => p.name === 'media' && p.pid !== pid),
  ).catch(() => undefined);
  findings.push({
    what: 'media is started again',
    ok: back !== undefined,
    ms: Math.round(performance.now() - killedAt),
  });
  findings.push({
    what: 'the other processes are the same as before',
    ok: others.every(({ name, pid: before }) =>
      copy.run.processes.some((p) => p.name === name && p.pid === before),
    ),
  });
  findings.push(...(await afterwards(copy, id, lines, killedAt)));
  await result;
  return findings;
}

async function drillRealtime(copy: RunningCopy): Promise<Finding[]> {
  const { id, result } = await callInProgress(copy);
  const lines = await lineCount(copy, id);
  await killProcess(copy, 'realtime');
  const killedAt = performance.now();
  await until(
    'the API sees the call again',
    async () => (await newestCall(copy).catch(() => undefined)) !== undefined,
  );
  const findings = await afterwards(copy, id, lines, killedAt);
  await result;
  return findings;
}

const listed = Object.entries(drills).map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`);
const usage = `npm run chaos -- NAME [--keep]

${listed.join('\n')}
  events     SIGKILLs brokers, relays, consumers and Postgres under load; counts lost, doubled, misordered events
             (npm run chaos -- events --help)
`;

/** Gives the exit code: 0 when it came back as it should. */
export async function runPlatformDrill(name: string | undefined, args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...(name?.startsWith('--') ? [name] : []), ...args],
    options: { help: { type: 'boolean' }, list: { type: 'boolean' }, keep: { type: 'boolean' } },
  });
  const drill = name === undefined ? undefined : drills[name];
  if (values.help || values.list || !drill) {
    process.stdout.write(usage);
    return values.help || values.list ? 0 : 2;
  }
  const copy = new RunningCopy();
  let failed = true;
  try {
    await copy.start();
    const findings = await drill.run(copy);
    for (const { what, ok, ms } of findings)
      process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${what}${ms === undefined ? '' : ` (${ms} ms)`}\n`);
    failed = findings.some(({ ok }) => !ok);
  } catch (err) {
    process.stderr.write(`${(err as Error).stack}\n`);
  } finally {
    if (values.keep) {
      await copy.stop();
      process.stdout.write(`left in ${copy.dataDir}\n`);
    } else await copy.dispose();
  }
  process.stdout.write(failed ? 'chaos: FAILED\n' : 'chaos: it came back as it should\n');
  return failed ? 1 : 0;
}
