import { setTimeout as delay } from 'node:timers/promises';
import { sampleCases, shown, type Case } from './cases.ts';
import { operationsOf, type Json, type OpenApi, type Operation } from './document.ts';
import { createJudge, type Answered } from './judge.ts';
import type { Pools } from './values.ts';

export interface Asker {
  /** Undefined: nobody. */
  readonly role: string | undefined;
  readonly headers: () => Promise<Record<string, string>>;
  readonly pools: Pools;
}

export interface Finding {
  readonly operation: string;
  readonly role: string;
  readonly problem: string;
  readonly example: Json;
  /** How often the same was found. */
  readonly times: number;
}

export interface Found {
  readonly operations: number;
  readonly requests: number;
  readonly statuses: Record<string, number>;
  readonly findings: readonly Finding[];
}

export interface RunOptions {
  /** Of the server, without a path. */
  readonly origin: string;
  readonly document: OpenApi;
  readonly askers: readonly Asker[];
  /** Requests of each asker to each operation. */
  readonly each: number;
  readonly seed: number;
  readonly only?: (operation: Operation) => boolean;
  readonly note?: (text: string) => void;
}

/** Asks every operation what is right and what is wrong, and collects every answer that is not as the document has it. */
export async function runCases(o: RunOptions): Promise<Found> {
  const judge = createJudge(o.document);
  const operations = operationsOf(o.document).filter(o.only ?? (() => true));
  const findings = new Map<string, Finding>();
  const statuses: Record<string, number> = {};
  let requests = 0;
  for (const asker of o.askers) {
    const role = asker.role ?? 'nobody';
    o.note?.(`${role}: ${operations.length} operations`);
    // What asks for no sign-in is asked without one; that is counted by address, and soon too much.
    const asked = operations.filter(({ staff }) => staff || asker.role === undefined);
    const each = asker.role === undefined ? Math.min(o.each, EACH_OF_NOBODY_MAX) : o.each;
    for (const operation of asked) {
      const cases = sampleCases(operation, o.document, asker.pools, {
        seed: o.seed,
        each,
        hard: asker.role !== undefined,
      });
      for (const one of cases) {
        const problems = await answered(o.origin, one, asker).then(
          (answer) => {
            statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
            return judge(operation, one, asker.role, answer);
          },
          (error: unknown) => [
            `no answer: ${String(error instanceof Error ? (error.cause ?? error) : error)}`,
          ],
        );
        requests += 1;
        for (const problem of problems) {
          const key = `${operation.id} ${role} ${problem.replaceAll(/\d+/g, '#')}`;
          const times = (findings.get(key)?.times ?? 0) + 1;
          const example = findings.get(key)?.example ?? shown(one);
          findings.set(key, { operation: operation.id, role, problem, example, times });
        }
      }
    }
  }
  return { operations: operations.length, requests, statuses, findings: [...findings.values()] };
}

const EACH_OF_NOBODY_MAX = 5;
const PATIENCE_MS_MAX = 11_000;

async function answered(origin: string, one: Case, asker: Asker): Promise<Answered> {
  for (let attempt = 0; ; attempt += 1) {
    const gone = new AbortController();
    const response = await fetch(origin + one.path, {
      method: one.method,
      redirect: 'manual',
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(60_000)]),
      headers: { ...one.headers, ...(await asker.headers()) },
      ...(one.body === undefined || one.method === 'GET' ? {} : { body: one.body }),
    });
    const contentType = response.headers.get('content-type') ?? '';
    const endless = contentType.startsWith('text/event-stream');
    const text = endless ? undefined : await response.text();
    gone.abort();
    const waitMs = Number(response.headers.get('retry-after') ?? 60) * 1_000;
    if (response.status !== 429 || waitMs > PATIENCE_MS_MAX || attempt > 2)
      return { status: response.status, contentType, text };
    await delay(waitMs);
  }
}
