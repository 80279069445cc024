// `npm run events` against a real log, found through a run.json written by hand.
import { createSilentLogger, newTraceparent } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type pg from 'pg';
import { createPostgresLog, type BusEvent } from '../index.ts';
import { newEvent, publish, startBusDatabase, type BusDatabase } from '../testing/fixture/database.ts';
import { eventsCommand, type EventsCommand } from '../testing/fixture/events-command.ts';

let db: BusDatabase;
let service: pg.Client;
let relay: Component;
let cli: EventsCommand;
const events: EventsCommand['events'] = (...given) => cli.events(...given);

beforeAll(async () => {
  db = await startBusDatabase();
  service = await db.connect();
  relay = createPostgresLog({ connectionString: db.busUrl, logger: createSilentLogger() }).relay;
  await relay.start();
  cli = eventsCommand({ busUrl: db.busUrl });
});
beforeEach(async () => {
  // The relay runs meanwhile, and Postgres ends one of two that wait for each other.
  while (
    await db.reset().catch((error: { code?: string }) => {
      if (error.code !== '40P01') throw error;
      return true;
    })
  );
});
afterAll(async () => {
  await relay.close();
  await db.stop();
  cli.dispose();
});

async function logged(count: number): Promise<void> {
  for (;;) {
    const { rows } = await db.admin.query<{ count: string }>('select count(*) from bus.log');
    if (Number(rows[0]?.count) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const topicsOf = (out: string): string[] =>
  out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as BusEvent).topic);

async function publishACall(): Promise<string> {
  const traceparent = newTraceparent();
  const sealed = { sealed: 'k1.nonce.secret' };
  await publish(
    service,
    newEvent({ topic: 'calls.initiated', key: 'call-1', data: { callId: 'call-1' }, traceparent }),
    newEvent({
      topic: 'sms.send',
      key: 'hmac',
      subject: 'sms/1',
      data: { to: sealed, text: sealed },
      traceparent,
    }),
    newEvent({ topic: 'calls.completed', key: 'call-1', data: { callId: 'call-1' }, traceparent }),
    newEvent({ topic: 'calls.initiated', key: 'call-2', data: { callId: 'call-2' } }),
  );
  await logged(4);
  return traceparent.slice(3, 35);
}

describe('events tail', () => {
  it('prints what was published, with one trace id for a call', async () => {
    const traceId = await publishACall();
    const { code, out } = await events(['tail', '--no-follow']);
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.filter((line) => line.includes(`trace=${traceId}`))).toHaveLength(3);
    expect(lines[0]).toMatch(/^\d{4}-.*Z {2}calls\.initiated +call-1 {2}CallChanged/);
    expect(out).not.toContain('secret');
  });

  it('filters by call, with what its traces hold, and by topic', async () => {
    await publishACall();
    const call = await events(['tail', '--no-follow', '--json', '--call', 'call-1']);
    expect(topicsOf(call.out).sort()).toEqual(['calls.completed', 'calls.initiated', 'sms.send']);
    const topic = await events(['tail', '--no-follow', '--json', '--topic', 'sms.send']);
    expect(topicsOf(topic.out)).toEqual(['sms.send']);
    expect(topic.out).toContain('k1.nonce.secret');
  });

  it('begins as long ago as asked', async () => {
    await publishACall();
    await db.admin.query(`update bus.log set published_at = now() - interval '1 hour' where key = 'call-1'`);
    expect(topicsOf((await events(['tail', '--no-follow', '--json'])).out)).toHaveLength(2);
    expect(topicsOf((await events(['tail', '--no-follow', '--json', '--since', '2h'])).out)).toHaveLength(4);
  });

  it('goes on with new events until it is ended', async () => {
    await publishACall();
    let more: Promise<void> | undefined;
    const { code, out } = await events(['tail', '--json'], {}, (soFar, end) => {
      const shown = topicsOf(soFar.slice(0, soFar.lastIndexOf('\n') + 1));
      if (shown.length === 4) more ??= publish(service, newEvent({ topic: 'directory.changed' }));
      if (shown.length >= 5) end();
    });
    await more;
    expect([code, topicsOf(out).at(-1)]).toEqual([0, 'directory.changed']);
  });
});

describe('events dlq', () => {
  it('lists, shows and replays', async () => {
    const log = createPostgresLog({ connectionString: db.busUrl, logger: createSilentLogger() });
    let broken = true;
    const replayed = Promise.withResolvers<void>();
    const consumer = log.subscribe({
      group: 'g',
      topics: ['calls.changed'],
      handle: async () => {
        if (broken) return { kind: 'dead-letter', reason: 'cannot be' };
        replayed.resolve();
        return { kind: 'ok' };
      },
    });
    await consumer.start();
    await publish(service, newEvent({ key: 'k' }));
    let id: string | undefined;
    while (id === undefined) {
      id = (await db.admin.query<{ id: string }>('select id from bus.dead_letters')).rows[0]?.id;
    }
    expect((await events(['dlq', 'list'])).out).toMatch(
      new RegExp(`^${id} .*g  calls.changed  k  cannot be`),
    );
    expect((JSON.parse((await events(['dlq', 'show', id])).out) as { reason: string }).reason).toBe(
      'cannot be',
    );
    broken = false;
    expect((await events(['dlq', 'replay', id])).code).toBe(0);
    await replayed.promise;
    expect((await events(['dlq', 'list'])).out).toBe('no dead letters\n');
    expect((await events(['dlq', 'discard', id])).err).toContain('there is no dead letter');
    await consumer.close();
  });
});

describe('events, used wrongly', () => {
  it.each([
    [['tail', '--bogus'], {}, 'bogus'],
    [['nonsense'], {}, 'unknown command "nonsense"'],
    [['tail', '--since', 'soon', '--no-follow'], {}, '--since soon'],
    [['tail', '--topic', 'no.topic', '--no-follow'], {}, 'there is no topic no.topic'],
    [['dlq', 'replay'], {}, 'dlq replay needs an ID; dlq list shows them, --all takes many'],
    [['dlq', 'discard', '--all', '--yes'], {}, 'needs --group G and --topic T'],
    [['dlq', 'show', 'nonsense'], {}, 'there is no dead letter nonsense'],
    [['dlq', 'list', '--limit', 'many'], {}, '--limit many'],
    [['parked', 'nonsense'], {}, 'unknown command "parked nonsense"'],
    [['tail'], { WARDLINE_PORT: '8080' }, 'listens on 8099, not on WARDLINE_PORT=8080'],
    [['tail'], { WARDLINE_DATA: '/nowhere' }, 'not running here'],
  ])('%j says what is wrong in one line', async (args, env, message) => {
    const { code, err } = await events(args, env);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('helps', async () => {
    expect((await events(['--help'])).out).toContain('dlq replay ID');
  });
});
