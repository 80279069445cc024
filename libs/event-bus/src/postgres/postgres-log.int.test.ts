import { createSilentLogger } from '@wardline/observability';
import pg from 'pg';
import { createPostgresLog, listDeadLetters, releaseDeadLetter } from '../index.ts';
import { describeEventBus } from '../testing/index.ts';
import { publish, startBusDatabase, type BusDatabase } from '../testing/fixture/database.ts';

let db: BusDatabase;
let service: pg.Client;
let bus: pg.Client;
beforeAll(async () => {
  db = await startBusDatabase();
  service = await db.connect();
  bus = new pg.Client({ connectionString: db.busUrl });
  await bus.connect();
});
afterAll(async () => {
  await bus.end();
  await db.stop();
});

describeEventBus('postgres log', async () => {
  await db.reset();
  const log = createPostgresLog({
    connectionString: db.busUrl,
    logger: createSilentLogger(),
    retryDelaysMs: [5, 10],
  });
  await log.relay.start();
  return {
    bus: log,
    attemptsMax: 3,
    publish: (...events) => publish(service, ...events),
    deadLetters: async () =>
      (await listDeadLetters(bus)).map(({ id, group, event, reason }) => ({
        id,
        group,
        eventId: event.id,
        reason,
      })),
    release: async (id, how) => {
      expect(await releaseDeadLetter(bus, id, how)).toBe(true);
    },
    stop: () => log.relay.close(),
  };
});
