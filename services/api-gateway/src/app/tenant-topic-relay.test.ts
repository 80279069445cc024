import { createRecordingLogger } from '@wardline/observability/testing';
import { setTimeout as pause } from 'node:timers/promises';
import type { EgressRow } from '../domain/egress-event.ts';
import {
  FakeTenantTopicPublisher,
  MemoryTenantTopicCursors,
  MemoryTenantTopicTurns,
} from '../testing/memory-tenant-topics.ts';
import { createTenantTopicRelay } from './tenant-topic-relay.ts';

const tenantId = '01930000-0000-7000-8000-0000000000aa';
const topic = { tenantId, personal: false };
const name = `egress.${tenantId}`;

const rowAt = (position: bigint): EgressRow => ({
  ...{ tenantId, position, eventId: `event-${position}`, topic: 'calls.changed', type: 'CallChanged' },
  ...{ key: `call-${position % 7n}`, subject: 'calls/1', sequence: 1, occurredAt: new Date() },
  ...{ traceparent: '00-1-1-01', data: { n: Number(position) }, recordedAt: new Date() },
});

/** A log of one hospital: so many events, of which the first may be forgotten. */
function logOf(o: { last: bigint; first?: bigint }) {
  const state = { first: 1n, ...o };
  return {
    state,
    range: async () => ({ first: state.first, last: state.last }),
    async read(_tenantId: string, { after, limit }: { after: bigint; limit: number }) {
      const from = after + 1n > state.first ? after + 1n : state.first;
      const count = Math.max(0, Math.min(limit, Number(state.last - from + 1n)));
      const rows = Array.from({ length: count }, (_, index) => rowAt(from + BigInt(index)));
      return {
        rows,
        readTo: count === limit ? (rows.at(-1)?.position ?? after) : state.last,
        last: state.last,
      };
    },
  };
}

function build(o: { last: bigint; first?: bigint; tidy?: () => Promise<void> }) {
  const logger = createRecordingLogger();
  const log = logOf(o);
  const cursors = new MemoryTenantTopicCursors();
  const publisher = new FakeTenantTopicPublisher();
  const holders = new Map<string, MemoryTenantTopicTurns>();
  const relay = (turns = new MemoryTenantTopicTurns(holders)) =>
    createTenantTopicRelay({
      ...{ log, cursors, publisher, turns, logger, topics: ['calls.changed'], topicPrefix: '' },
      cipher: {
        open: () => {
          throw new Error('nothing to open');
        },
      },
      signal: { watch: () => () => undefined },
      ...{ lookEveryMs: 1, settleMs: 0, tidyEveryMs: 1, batchRows: 10 },
      ...(o.tidy ? { tidy: o.tidy } : {}),
    });
  const positions = () => (publisher.topics.get(name) ?? []).map((message) => Number(message.position));
  return { log, cursors, publisher, relay, positions, logger };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(1);
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

it('publishes what is there and what comes, in order, each once', async () => {
  const { log, cursors, relay, positions } = build({ last: 95n });
  await cursors.open(topic);
  const running = relay();
  await running.start();
  await until(() => positions().length >= 95);
  log.state.last = 120n;
  await until(() => positions().length >= 120);
  await running.close();
  expect(positions()).toEqual(range(1, 120));
});

it('publishes each once although publications break off and cursors get lost', async () => {
  const { cursors, publisher, relay, positions } = build({ last: 200n });
  await cursors.open(topic);
  const running = relay();
  await running.start();
  for (let failure = 0; failure < 8; failure += 1) {
    const before = positions().length;
    if (failure % 2) publisher.breakNext = 1;
    else cursors.loseNext = 1;
    await until(() => positions().length > before || positions().length >= 200);
  }
  await until(() => positions().length >= 200);
  await running.close();
  const byPartition = Map.groupBy(publisher.topics.get(name) ?? [], ({ partition }) => partition);
  for (const messages of byPartition.values()) {
    const own = messages.map(({ position }) => position);
    expect(own).toEqual(own.toSorted((a, b) => Number(a - b)));
  }
  expect(positions().toSorted((a, b) => a - b)).toEqual(range(1, 200));
});

it('lets one instance fill a topic, and another one take over', async () => {
  const { log, cursors, relay, positions } = build({ last: 50n });
  await cursors.open(topic);
  const [first, second] = [relay(), relay()];
  await Promise.all([first.start(), second.start()]);
  await until(() => positions().length >= 50);
  await first.close();
  log.state.last = 80n;
  await until(() => positions().length >= 80);
  await second.close();
  expect(positions()).toEqual(range(1, 80));
});

it('fills no topic that nobody may read, and goes on when somebody may again', async () => {
  const { log, cursors, relay, positions } = build({ last: 5n });
  const running = relay();
  await running.start();
  await cursors.open(topic);
  await until(() => positions().length >= 5);
  cursors.shut(topic);
  let looked = 0;
  const { listOpen } = cursors;
  cursors.listOpen = async () => {
    looked += 1;
    return listOpen.call(cursors);
  };
  await until(() => looked >= 3);
  log.state.last = 9n;
  await until(() => looked >= 10);
  expect(positions()).toHaveLength(5);
  await cursors.open(topic);
  await until(() => positions().length >= 9);
  await running.close();
  expect(positions()).toEqual(range(1, 9));
});

it('begins with the oldest event kept, and says when some were forgotten before their turn', async () => {
  const { log, cursors, relay, positions, logger } = build({ last: 30n, first: 11n });
  await cursors.open(topic);
  const running = relay();
  await running.start();
  await until(() => positions().length >= 20);
  expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  await running.close();
  Object.assign(log.state, { first: 36n, last: 40n });
  const later = relay();
  await later.start();
  await until(() => positions().length >= 25);
  await later.close();
  expect(positions()).toEqual([...range(11, 30), ...range(36, 40)]);
  expect(logger.lines.find(({ level }) => level === 'error')).toMatchObject({ after: '30', oldest: '36' });
});

it('goes on when tidying fails', async () => {
  let tidied = 0;
  const tidy = () => {
    tidied += 1;
    return Promise.reject(new Error('cluster away'));
  };
  const { cursors, relay, positions } = build({ last: 3n, tidy });
  const running = relay();
  await running.start();
  await until(() => tidied > 1);
  await cursors.open(topic);
  await until(() => positions().length === 3);
  await running.close();
});
