import {
  busChannel,
  createKafkaLogReader,
  createLogReader,
  isTopicName,
  topicNames,
  type BusEvent,
  type LogReader,
  type TopicName,
} from '@wardline/event-bus';
import { createSilentLogger } from '@wardline/observability';
import { once } from 'node:events';
import net from 'node:net';
import type pg from 'pg';
import { eventJson, eventLine, traceIdOf } from './format.ts';
import { UsageError, type RunningBus } from './running-bus.ts';

export interface TailOptions {
  topics: string[];
  json: boolean;
  /** Only what belongs to this call: its own events, and everything in their traces. */
  callId: string | undefined;
  sinceMs: number;
  follow: boolean;
}

const POLL_MS = 1_000;
const CONNECT_MS = 3_000;

/** Where the events are read: the same for either bus. */
interface Source {
  reader: LogReader;
  /** Waits until there may be something new. */
  changed: () => Promise<void>;
  close: () => Promise<void>;
}

export async function tail(bus: RunningBus, options: TailOptions): Promise<void> {
  const topics = options.topics.map((topic) => {
    if (!isTopicName(topic))
      throw new UsageError(`there is no topic ${topic}; topics: ${topicNames.join(', ')}`);
    return topic;
  });
  // With a call, all topics are read, because its traces are learned from its own events.
  const source = await openSource(bus, topics.length > 0 && !options.callId ? topics : undefined);
  const belongs = belongsTo(options.callId);
  const show = (events: BusEvent[]): void => {
    belongs.learn(events);
    for (const event of events) {
      if (!belongs.ask(event) || (topics.length > 0 && !topics.includes(event.topic))) continue;
      process.stdout.write(`${options.json ? eventJson(event) : eventLine(event)}\n`);
    }
  };
  try {
    show(await source.reader.readSince(options.sinceMs));
    while (options.follow) {
      await source.changed();
      show(await source.reader.readNew());
    }
  } finally {
    await source.close();
  }
}

async function openSource(
  { client, kafka }: RunningBus,
  topics: readonly TopicName[] | undefined,
): Promise<Source> {
  const only = topics ? { topics } : {};
  if (!kafka) {
    const changed = await listenFor(client);
    return { reader: createLogReader(client, only), changed, close: async () => {} };
  }
  await assertAnyBrokerAnswers(kafka.brokers);
  const reader = createKafkaLogReader({ connection: kafka, logger: createSilentLogger(), ...only });
  return { reader, changed: () => reader.changed(), close: () => reader.close() };
}

/** The client would try for ten seconds and more before it says so; a person wants to know now. */
async function assertAnyBrokerAnswers(brokers: readonly string[]): Promise<void> {
  const answers = brokers.map(async (broker) => {
    const at = broker.lastIndexOf(':');
    const socket = net.connect({
      host: broker.slice(0, at).replace(/^\[|\]$/g, ''),
      port: Number(broker.slice(at + 1)),
      signal: AbortSignal.timeout(CONNECT_MS),
    });
    try {
      await once(socket, 'connect');
    } finally {
      socket.destroy();
    }
  });
  await Promise.any(answers).catch((cause: unknown) => {
    throw new UsageError(`Kafka at ${brokers.join(',')} does not answer; is Wardline still running?`, {
      cause,
    });
  });
}

/** Answers from the second event of a trace on what only the first tells: `sms.send` names no call. */
function belongsTo(callId: string | undefined): {
  learn(events: BusEvent[]): void;
  ask(event: BusEvent): boolean;
} {
  const traces = new Set<string>();
  const own = (e: BusEvent): boolean =>
    e.key === callId || e.subject === `calls/${callId}` || e.data['callId'] === callId;
  return {
    learn(events) {
      if (callId !== undefined) for (const event of events) if (own(event)) traces.add(traceIdOf(event));
    },
    ask: (event) => callId === undefined || own(event) || traces.has(traceIdOf(event)),
  };
}

/** A function that waits until something was published since it was last called, or a second has passed. */
async function listenFor(client: pg.Client): Promise<() => Promise<void>> {
  let pending = false;
  let wake = (): void => undefined;
  client.on('notification', () => {
    pending = true;
    wake();
  });
  await client.query(`listen ${busChannel}`);
  return async () => {
    if (!pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    pending = false;
  };
}
