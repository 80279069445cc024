import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createSilentLogger } from '@wardline/observability';
import pg from 'pg';
import { createKafkaBus, createKafkaRelay, listDeadLetters, releaseDeadLetter } from '../index.ts';
import { publish, startBusDatabase, type BusDatabase } from '../testing/fixture/database.ts';
import { describeEventBus } from '../testing/index.ts';
import { topics } from '../topics.ts';
import { provisionTopics } from './provision.ts';

const logger = createSilentLogger();

describeWithKafka('kafka', () => {
  let db: BusDatabase;
  let cluster: KafkaCluster;
  let service: pg.Client;
  let bus: pg.Client;
  let runs = 0;
  beforeAll(async () => {
    [db, cluster] = await Promise.all([startBusDatabase(), startKafka()]);
    service = await db.connect();
    bus = new pg.Client({ connectionString: db.busUrl });
    await bus.connect();
  });
  afterAll(async () => {
    await bus?.end();
    await Promise.all([db?.stop(), cluster?.stop()]);
  });

  describeEventBus('kafka', async () => {
    await db.reset();
    runs += 1;
    const connection = { brokers: cluster.brokers, topicPrefix: `run${process.pid}-${runs}.` };
    const { 'calls.changed': calls, 'sms.send': sms, 'directory.changed': directory } = topics;
    const declaration = { 'calls.changed': calls, 'sms.send': sms, 'directory.changed': directory };
    await provisionTopics(connection, { logger, declaration });
    const relay = createKafkaRelay({ connection, busUrl: db.busUrl, logger });
    await relay.start();
    return {
      bus: createKafkaBus({ connection, parkingUrl: db.parkingUrl, logger, retryDelaysMs: [5, 10] }),
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
      stop: () => relay.close(),
    };
  });
});
