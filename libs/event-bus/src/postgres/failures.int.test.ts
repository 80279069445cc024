import { createSilentLogger } from '@wardline/observability';
import { createPostgresLog } from '../index.ts';
import { startBusDatabase, type BusDatabase } from '../testing/fixture/database.ts';
import { describeFailures } from '../testing/fixture/failure-suite.ts';

let db: BusDatabase;
beforeAll(async () => {
  db = await startBusDatabase();
});
afterAll(() => db.stop());

describeFailures('the log in Postgres', async () => {
  await db.reset();
  const log = createPostgresLog({
    connectionString: db.busUrl,
    logger: createSilentLogger(),
    retryDelaysMs: [5, 10],
  });
  await log.relay.start();
  return { bus: log, db, attemptsMax: 3, stop: () => log.relay.close() };
});
