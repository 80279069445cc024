import { findRunningCopy } from '@wardline/carrier-simulator/harness';
import { demo } from '@wardline/contracts';
import { signIn, type SignedIn } from '@wardline/staff-sign-in';
import { parseArgs } from 'node:util';
import type { OpenApi } from './document.ts';
import { idsOf } from './pools.ts';
import { runCases, type Asker, type Found } from './run.ts';
import { findSchemathesis, runSchemathesis, type SchemathesisRun } from './schemathesis.ts';

const help = `Asks the REST API everything that its OpenAPI document allows, and a great deal that it does not, as every role.

  npm run eval -- api                  the running copy, with demo data
      --url URL                        another platform's address
      --each N                         requests of each role to each operation, default 30
      --seed N                         the same requests again
      --operation PATTERN              operations whose id matches
      --role ROLE                      one role only; "nobody" for requests without a sign-in
      --without-schemathesis           our own requests only
      --json                           only the JSON object on the output

It changes whatever it can: campaigns, the do-not-call list, clinics, staff. Never ask a copy that somebody needs.
Where the program schemathesis is installed (or WARDLINE_SCHEMATHESIS says where it is), it is run as well.
The last line is one JSON object. Ends with 0 only when no answer was an error of ours (5xx), of a status, content type or
form that the document does not have, for a role that may not, or good for a body that the document forbids.
`;

const [riverside, harbour] = demo.clinics;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      each: { type: 'string', default: '30' },
      seed: { type: 'string' },
      operation: { type: 'string', default: '' },
      role: { type: 'string' },
      'without-schemathesis': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const started = Date.now();
  const origin = new URL(values.url ?? findRunningCopy().apiUrl).origin;
  const each = Number(values.each);
  const seed = Number(values.seed ?? started % 100_000);
  if (!Number.isInteger(each) || each < 1 || !Number.isInteger(seed))
    throw new Error('--each and --seed are whole numbers');
  const note = (text: string) =>
    void process.stderr.write(`${((Date.now() - started) / 1_000).toFixed(0).padStart(5)} s  ${text}\n`);
  note(`seed ${seed} at ${origin}`);

  const document = (await (await fetch(`${origin}/api/openapi.json`)).json()) as OpenApi;
  const pattern = new RegExp(values.operation);
  const askers = (await askersOf(origin)).filter(
    ({ role }) => !values.role || values.role === (role ?? 'nobody'),
  );
  const own = await runCases({
    origin,
    document,
    askers,
    each,
    seed,
    note,
    only: ({ id }) => pattern.test(id),
  });
  const program = values['without-schemathesis'] ? undefined : findSchemathesis();
  const runs: SchemathesisRun[] = [];
  if (program && values.operation === '') {
    for (const { role, headers } of askers) {
      // Without a sign-in it would only meet the limit of its address.
      if (role === undefined) continue;
      note(`schemathesis as ${role}`);
      const out = process.stderr;
      runs.push(
        await runSchemathesis({ program, origin, document, role, headers, seed, examples: each, out }),
      );
    }
  }
  if (!values.json) process.stdout.write(`${tableOf(own)}\n`);
  const ok = own.findings.length === 0 && runs.every((one) => one.ok);
  const seconds = Math.round((Date.now() - started) / 1_000);
  process.stdout.write(
    `${JSON.stringify({ eval: 'api', ok, seed, ...own, schemathesis: program ? runs : values['without-schemathesis'] ? 'left out' : 'not installed', seconds })}\n`,
  );
  return ok ? 0 : 1;
}

/** One of each role of the demo's first hospital, and nobody. */
async function askersOf(origin: string): Promise<Asker[]> {
  const enter = ({ login, password }: { login: string; password: string }) =>
    signIn({ baseUrl: origin, login, password });
  const stranger = await enter(harbour.staff);
  const admin = await enter(riverside.staff);
  const base = `${origin}/api/v1`;
  await makeThings(base, admin);
  const pools = {
    own: await idsOf(base, () => admin.headers()),
    foreign: Object.values(await idsOf(base, () => stranger.headers())).flat(),
  };
  // The admin last: it is who may spoil things for the others.
  const staff = [...riverside.team, riverside.staff];
  const one = [...new Map(staff.map((member) => [member.role, member])).values()];
  const askers: Asker[] = [{ role: undefined, headers: async () => ({}), pools }];
  for (const member of one) {
    const user = await enter(member);
    askers.push({ role: member.role, headers: async () => ({ ...(await user.headers()) }), pools });
  }
  return askers;
}

/** Something of what staff make, so that there is something to ask about. */
async function makeThings(base: string, { headers }: SignedIn): Promise<void> {
  const post = async (path: string, body: unknown): Promise<{ id?: string }> => {
    const csv = typeof body === 'string';
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: {
        ...(await headers()),
        'content-type': csv ? 'text/csv' : 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: csv ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { id?: string };
  };
  for (let n = 0; n < 3; n += 1) {
    const { id } = await post('/campaigns', {
      ...{ clinic: riverside.clinicId, name: `of a test ${n}`, flow: 'appointment-reminder' },
      ...{ isoWeekdays: [1], fromLocalTime: '03:00', toLocalTime: '03:01', firstDay: '', lastDay: '' },
      ...{ callsAtOnceMax: 1, attemptsMax: 1, attemptsPerDayMax: 1, defaultRegion: 'US', ringSeconds: 20 },
    });
    await post(
      `/campaigns/${id ?? ''}/recipients?name=name&phone=phone`,
      'name,phone\nJamie,+12025550161\nSam,x\n',
    );
  }
  await post('/do-not-call', { numbers: ['+12025550162', '+12025550163'] });
}

function tableOf({ findings, operations, requests, statuses }: Found): string {
  const lines = findings.map(
    (one) =>
      `${one.operation} as ${one.role}, ${one.times} times: ${one.problem}\n    ${JSON.stringify(one.example)}`,
  );
  const counts = Object.entries(statuses).map(([status, times]) => `${status}: ${times}`);
  return [`${requests} requests to ${operations} operations (${counts.join(', ')})`, ...lines].join('\n');
}
