// Shows the events of the running copy, and deals with those that failed: npm run events -- --help
import { parseArgs } from 'node:util';
import { findDeadLetter, listDeadLetters, releaseDeadLetter } from '@wardline/event-bus';
import type pg from 'pg';
import { deadLetterJson, deadLetterLine } from './events/format.ts';
import { connectToRunningBus, UsageError } from './events/running-bus.ts';
import { tail } from './events/tail.ts';

const help = `npm run events -- tail [options]      show events, oldest first, and go on with new ones
    --topic TOPIC    only this topic; may be repeated
    --call ID        only what belongs to this call: its own events, and all in their traces
    --since AGE      begin that long ago: 30s, 10m (default), 2h, 7d
    --no-follow      end when what is there has been shown
    --json           one JSON object per line
npm run events -- dlq list [--json]   show events that a consumer has given up on; their keys wait
npm run events -- dlq show ID         show one, with the history of its attempts
npm run events -- dlq replay ID       handle it again, then what waits behind it, in order
npm run events -- dlq discard ID      leave it out, and go on with what waits behind it

Personal values are sealed in events and stay so here. The running copy is found by WARDLINE_DATA (default: .wardline in
the checkout) and WARDLINE_PORT.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      topic: { type: 'string', multiple: true },
      call: { type: 'string' },
      since: { type: 'string', default: '10m' },
      follow: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return;
  }
  const run = commandOf(command, rest, values);
  const client = await connectToRunningBus();
  client.on('error', () => endWith('the running copy has ended'));
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

interface Flags {
  topic?: string[];
  call?: string;
  since: string;
  follow: boolean;
  json: boolean;
}

/** What to do, checked before anything is connected to. */
function commandOf(command: string, rest: string[], flags: Flags): (client: pg.Client) => Promise<void> {
  if (command === 'tail' && rest.length === 0) {
    const { topic: topics = [], call: callId, json, follow } = flags;
    return (client) => tail(client, { topics, callId, json, follow, sinceMs: parseAge(flags.since) });
  }
  const [action, id] = rest;
  if (command === 'dlq' && action === 'list' && rest.length === 1)
    return (client) => list(client, flags.json);
  if (command === 'dlq' && id !== undefined && rest.length === 2) {
    if (action === 'show') return (client) => show(client, id);
    if (action === 'replay' || action === 'discard') return (client) => release(client, id, action);
  }
  throw new UsageError(`unknown command "${[command, ...rest].join(' ')}"; see --help`);
}

async function list(client: pg.Client, json: boolean): Promise<void> {
  const letters = await listDeadLetters(client);
  for (const letter of letters) {
    process.stdout.write(`${json ? JSON.stringify(letter) : deadLetterLine(letter)}\n`);
  }
  if (letters.length === 0 && !json) process.stdout.write('no dead letters\n');
}

async function show(client: pg.Client, id: string): Promise<void> {
  const letter = await findDeadLetter(client, id);
  if (!letter) throw new UsageError(`there is no dead letter ${id}; see dlq list`);
  process.stdout.write(`${deadLetterJson(letter)}\n`);
}

async function release(client: pg.Client, id: string, how: 'replay' | 'discard'): Promise<void> {
  if (!(await releaseDeadLetter(client, id, how)))
    throw new UsageError(`there is no dead letter ${id}; see dlq list`);
  process.stdout.write(how === 'replay' ? `${id} will be handled again\n` : `${id} is discarded\n`);
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseAge(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined)
    throw new UsageError(`--since ${text}: give a number and s, m, h or d, such as 10m`);
  return Number(amount) * unitMs;
}

function endWith(message: string): never {
  process.stderr.write(`events: ${message}\n`);
  process.exit(1);
}

// Whoever reads has seen enough (`| head`).
process.stdout.on('error', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));

try {
  await main();
} catch (error) {
  const mistake =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  if (!mistake) throw error;
  endWith((error as Error).message);
}
