// Shows the events of the running copy, and deals with those that failed: npm run events -- --help
import { parseArgs } from 'node:util';
import type { FailureFilter } from '@wardline/event-bus';
import { parseAge } from './events/age.ts';
import {
  listDlq,
  listParked,
  releaseAll,
  releaseOne,
  showDlq,
  type FailureFlags,
} from './events/failures.ts';
import { connectToRunningBus, UsageError, type RunningBus } from './events/running-bus.ts';
import { tail } from './events/tail.ts';
import { topicsCommand, topicsHelp } from './events/topics.ts';

const help = `npm run events -- tail [options]      show events, oldest first, and go on with new ones
    --topic TOPIC    only this topic; may be repeated
    --call ID        only what belongs to this call: its own events, and all in their traces
    --since AGE      begin that long ago: 30s, 10m (default), 2h, 7d
    --no-follow      end when what is there has been shown
npm run events -- dlq list [filters]  show events that a group has given up on, and how much waits behind them
npm run events -- dlq show ID         show one: reason, history of its attempts, what replay and discard would do
npm run events -- dlq replay ID       handle it again, then what waits behind it, in order
npm run events -- dlq discard ID      leave it out, and go on with what waits behind it
npm run events -- dlq replay|discard --all --group G --topic T [filters]
                                      all of a heap, oldest first; says what it would do until --yes is given
npm run events -- parked [filters]    show keys that failed and are being retried by themselves
    --group G  --topic T  --key K  --tenant ID  --since AGE  --limit N (100)
${topicsHelp}--json               for programs: one JSON object per line; \`dlq show\` does so whenever it is not read on a terminal

It works on either bus: what failed lies in Postgres. Personal values are sealed in events and stay so here. The running
copy is found by WARDLINE_DATA (default: .wardline in the checkout) and WARDLINE_PORT.
`;

const options = {
  topic: { type: 'string', multiple: true },
  call: { type: 'string' },
  since: { type: 'string' },
  follow: { type: 'boolean', default: true },
  group: { type: 'string' },
  key: { type: 'string' },
  tenant: { type: 'string' },
  limit: { type: 'string', default: '100' },
  all: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const parse = () => parseArgs({ allowPositionals: true, allowNegative: true, options });
type Flags = ReturnType<typeof parse>['values'];
type Run = (bus: RunningBus) => Promise<void>;

async function main(): Promise<void> {
  if (process.argv[2] === 'topics') {
    process.exitCode = await topicsCommand(process.argv.slice(3));
    return;
  }
  const { values, positionals } = parse();
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return;
  }
  const run = commandOf(command, rest, values);
  const bus = await connectToRunningBus();
  bus.client.on('error', () => endWith('the running copy has ended'));
  try {
    await run(bus);
  } finally {
    await bus.client.end();
  }
}

/** What to do, checked before anything is connected to. */
function commandOf(command: string, rest: string[], flags: Flags): Run {
  const json = flags.json ?? false;
  if (command === 'tail' && rest.length === 0) {
    const { topic: topics = [], call: callId, follow } = flags;
    const sinceMs = parseAge(flags.since ?? '10m');
    return (bus) => tail(bus, { topics, callId, json, follow, sinceMs });
  }
  if (command === 'parked' && (rest.length === 0 || (rest[0] === 'list' && rest.length === 1))) {
    const wanted = failureFlags(flags);
    return ({ client }) => listParked(client, wanted);
  }
  const run = command === 'dlq' ? deadLetterCommand(rest, flags, json) : undefined;
  if (!run) throw new UsageError(`unknown command "${[command, ...rest].join(' ')}"; see --help`);
  return run;
}

function deadLetterCommand([action, id, ...more]: string[], flags: Flags, json: boolean): Run | undefined {
  if (more.length > 0) return undefined;
  const releases = action === 'replay' || action === 'discard';
  if (action === 'list' && id === undefined) {
    const wanted = failureFlags(flags);
    return ({ client }) => listDlq(client, wanted);
  }
  if (releases && flags.all && id === undefined) {
    const wanted = failureFlags(flags);
    if (wanted.filter.group === undefined || wanted.filter.topic === undefined)
      throw new UsageError(`dlq ${action} --all needs --group G and --topic T; dlq list names them`);
    return ({ client }) => releaseAll(client, action, wanted, flags.yes);
  }
  if (id === undefined && (releases || action === 'show'))
    throw new UsageError(
      `dlq ${action} needs an ID; dlq list shows them${releases ? ', --all takes many' : ''}`,
    );
  if (id === undefined) return undefined;
  if (action === 'show') return ({ client }) => showDlq(client, id, flags.json ?? !process.stdout.isTTY);
  return releases ? ({ client }) => releaseOne(client, id, action, json) : undefined;
}

function failureFlags(flags: Flags): FailureFlags {
  const { group, key, tenant: tenantId, topic: [topic, ...more] = [] } = flags;
  if (more.length > 0) throw new UsageError('--topic: failed events are looked for in one topic or in all');
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new UsageError(`--limit ${flags.limit}: give a number from 1 to 10000`);
  const filter: FailureFilter = {
    limit,
    ...(group === undefined ? {} : { group }),
    ...(topic === undefined ? {} : { topic }),
    ...(key === undefined ? {} : { key }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(flags.since === undefined ? {} : { withinMs: parseAge(flags.since) }),
  };
  return { filter, json: flags.json ?? false };
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
