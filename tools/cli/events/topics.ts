import { loadConfig } from '@wardline/config';
import {
  checkDrift,
  driftLine,
  eventBusConfigOf,
  eventBusVariables,
  provisionTopics,
  topicsTable,
  withTopicsTable,
  type KafkaConnection,
  type TopicDrift,
} from '@wardline/event-bus';
import { createLogger } from '@wardline/observability';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { connectToRunningBus, UsageError } from './running-bus.ts';

export const topicsHelp = `npm run events -- topics check        what differs between the declared topics and the Kafka cluster; exit code 1 if any
npm run events -- topics apply        create what is missing; --configs also sets configuration that differs
npm run events -- topics table        the declaration as a table; --write puts it into docs/events.md
                     The cluster: KAFKA_BROKERS and the other KAFKA_ variables, else that of the running copy
`;

const document = path.resolve(import.meta.dirname, '../../../docs/events.md');

/** @returns the exit code */
export async function topicsCommand(args: string[]): Promise<number> {
  const { values: flags, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      configs: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [action, ...more] = positionals;
  if (flags.help) return say(topicsHelp);
  if (more.length > 0) throw new UsageError(`topics takes one of check, apply, table; see --help`);
  switch (action) {
    case 'table':
      if (!flags.write) return say(`${topicsTable()}\n`);
      writeFileSync(document, withTopicsTable(readFileSync(document, 'utf8')));
      return say(`${path.relative(process.cwd(), document)} shows the present declaration\n`);
    case 'check':
      return report(await onCluster((to) => checkDrift(to, { logger })), flags.json);
    case 'apply': {
      const alterConfigs = flags.configs;
      const done = await onCluster((to) => provisionTopics(to, { logger, alterConfigs }));
      if (!flags.json) {
        for (const topic of done.created) say(`${topic}: created\n`);
        for (const topic of done.altered) say(`${topic}: configured\n`);
      }
      return report(done.drift, flags.json);
    }
    default:
      throw new UsageError(`topics takes one of check, apply, table; see --help`);
  }
}

/** What is said of topics is said below; of the connection only what goes wrong for good. */
const logger = createLogger({ service: 'events-cli', level: 'silent', destination: process.stderr });

function report(drift: readonly TopicDrift[], json: boolean): number {
  if (json) for (const difference of drift) say(`${JSON.stringify(difference)}\n`);
  else if (drift.length === 0) say('the cluster is as declared\n');
  else for (const difference of drift) say(`${driftLine(difference)}\n`);
  return drift.length === 0 ? 0 : 1;
}

async function onCluster<T>(work: (to: KafkaConnection) => Promise<T>): Promise<T> {
  const to = await connectionOf(process.env);
  try {
    return await work(to);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new UsageError(`the cluster at ${to.brokers.join(',')}: ${cause.message}`, { cause });
  }
}

async function connectionOf(env: NodeJS.ProcessEnv): Promise<KafkaConnection> {
  const given = eventBusConfigOf(loadConfig(z.object(eventBusVariables), env)).kafka;
  if (given) return { ...given, clientId: 'wardline-events-cli' };
  const { client, kafka } = await connectToRunningBus(env);
  await client.end();
  if (!kafka) {
    throw new UsageError(
      'the running copy keeps its events in Postgres, where there is nothing to provision; for a Kafka cluster set KAFKA_BROKERS',
    );
  }
  return kafka;
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}
