import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { operationsOf, type OpenApi } from './document.ts';

/** The program that tests an API from its document, where there is one. */
export function findSchemathesis(env = process.env): string | undefined {
  const named = env['WARDLINE_SCHEMATHESIS'];
  const names = named ? [named] : ['schemathesis', 'st'];
  // `st` is also the name of a terminal.
  return names.find((name) => /schemathesis/i.test(String(spawnSync(name, ['--version']).stdout ?? '')));
}

/**
 * What it is asked to check. Not: that everything the document allows is done (it does not know what there is to be done
 * with), that other methods are 405 (there is no such resource, for us), nor who may what (which the matrix of roles has).
 */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
];

/** Stands for the user's token, which changes meanwhile. */
const DOOR_KEY = 'Bearer door';

export interface SchemathesisRun {
  readonly role: string;
  readonly ok: boolean;
  readonly requests: number;
  readonly statuses: Record<string, number>;
}

/** Runs it as one user. What it prints goes to `out`. */
export async function runSchemathesis(o: {
  readonly program: string;
  readonly origin: string;
  readonly document: OpenApi;
  readonly role: string;
  readonly headers: () => Promise<Record<string, string>>;
  readonly examples: number;
  readonly seed: number;
  readonly out: NodeJS.WritableStream;
}): Promise<SchemathesisRun> {
  const door = await openDoor(o.origin, o.headers);
  const dir = await mkdtemp(path.join(tmpdir(), 'wardline-api-'));
  const file = path.join(dir, 'openapi.json');
  await writeFile(file, JSON.stringify(o.document));
  // Streams do not end; what this installation cannot do says 501, which the program takes for an error.
  const left = operationsOf(o.document).filter(
    ({ answers }) => answers.has(501) || [...(answers.get(200)?.keys() ?? [])].includes('text/event-stream'),
  );
  const args = [
    ...['run', file, '--url', door.url],
    ...['--checks', checks.join(',')],
    ...['--phases', 'examples,coverage,fuzzing'],
    ...['--max-examples', String(o.examples), '--seed', String(o.seed), '--request-timeout', '30'],
    ...['--generation-database', 'none', '--no-shrink', '--continue-on-failure', '--no-color'],
    ...['--header', `Authorization: ${DOOR_KEY}`],
    ...left.flatMap(({ id }) => ['--exclude-operation-id', id]),
  ];
  try {
    // It leaves its notes where it runs.
    const child = spawn(o.program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(o.out, { end: false });
    child.stderr.pipe(o.out, { end: false });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    return { role: o.role, ok: code === 0, ...door.told() };
  } finally {
    door.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Passes requests on in the name of a user: the program outlives an access token. */
async function openDoor(origin: string, headers: () => Promise<Record<string, string>>) {
  const statuses: Record<string, number> = {};
  let requests = 0;
  const server = http.createServer((req, res) => {
    requests += 1;
    void headers().then(
      (own) => {
        const target = new URL(origin);
        // What it asks on purpose without a sign-in, or with one that is worth nothing, stays so.
        const signedIn = req.headers.authorization === DOOR_KEY ? own : {};
        const passed = http.request({
          ...{ host: target.hostname, port: target.port, method: req.method, path: req.url },
          headers: { ...req.headers, host: target.host, ...signedIn },
        });
        passed.on('response', (answer) => {
          statuses[answer.statusCode ?? 0] = (statuses[answer.statusCode ?? 0] ?? 0) + 1;
          res.writeHead(answer.statusCode ?? 502, answer.headers);
          // A connection that breaks is told by the other side.
          pipeline(answer, res, () => undefined);
        });
        passed.on('error', () => res.destroy());
        pipeline(req, passed, () => undefined);
      },
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told: () => ({ requests, statuses }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
