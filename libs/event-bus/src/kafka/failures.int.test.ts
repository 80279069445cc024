import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createSilentLogger, newTraceparent } from '@wardline/observability';
import { createKafkaBus, createKafkaRelay, type BusEvent } from '../index.ts';
import { newEvent, publish, startBusDatabase, type BusDatabase } from '../testing/fixture/database.ts';
import { eventsCommand } from '../testing/fixture/events-command.ts';
import { describeFailures } from '../testing/fixture/failure-suite.ts';
import { topics } from '../topics.ts';
import { createKafka } from './connection.ts';
import { provisionTopics } from './provision.ts';

const logger = createSilentLogger();

describeWithKafka('kafka', () => {
  let db: BusDatabase;
  let cluster: KafkaCluster;
  let runs = 0;
  beforeAll(async () => {
    [db, cluster] = await Promise.all([startBusDatabase(), startKafka()]);
  });
  afterAll(async () => {
    await Promise.all([db?.stop(), cluster?.stop()]);
  });

  /** Topics of its own for each test, and a relay that fills them. */
  async function freshRun() {
    await db.reset();
    runs += 1;
    const connection = { brokers: cluster.brokers, topicPrefix: `failures${process.pid}-${runs}.` };
    const { 'calls.changed': calls, 'sms.send': sms, 'directory.changed': directory } = topics;
    await provisionTopics(connection, {
      logger,
      declaration: { 'calls.changed': calls, 'sms.send': sms, 'directory.changed': directory },
    });
    const relay = createKafkaRelay({ connection, busUrl: db.busUrl, logger });
    await relay.start();
    return { connection, relay };
  }

  describeFailures('Kafka', async () => {
    const { connection, relay } = await freshRun();
    return {
      bus: createKafkaBus({ connection, parkingUrl: db.parkingUrl, logger, retryDelaysMs: [5, 10] }),
      db,
      kafka: { brokers: [...connection.brokers], topicPrefix: connection.topicPrefix },
      attemptsMax: 3,
      stop: () => relay.close(),
    };
  });

  describe('events tail on Kafka', () => {
    it('prints what lies there, goes on with what comes, and leaves nothing behind', async () => {
      const { connection, relay } = await freshRun();
      const service = await db.connect();
      const { brokers, topicPrefix } = connection;
      const cli = eventsCommand({ busUrl: db.busUrl, kafka: { brokers: [...brokers], topicPrefix } });
      try {
        const traceparent = newTraceparent();
        const sealed = { sealed: 'k1.nonce.secret' };
        const call = { key: 'call-1', data: { callId: 'call-1' }, traceparent };
        const sms = { topic: 'sms.send', key: 'hmac', subject: 'sms/1', traceparent } as const;
        await publish(
          service,
          newEvent(call),
          newEvent({ ...sms, data: { to: sealed } }),
          newEvent({ ...call, data: { callId: 'call-1', n: 2 } }),
          newEvent({ key: 'call-2', data: { callId: 'call-2' } }),
        );
        const shown = async (...args: string[]) => {
          for (;;) {
            const events = await cli.json<BusEvent>('tail', '--no-follow', ...args);
            if (events.length > 0) return events;
          }
        };
        while ((await shown()).length < 4);
        const all = await shown();
        expect(all.map(({ topic, key }) => [topic, key]).sort()).toEqual([
          ...[
            ['calls.changed', 'call-1'],
            ['calls.changed', 'call-1'],
            ['calls.changed', 'call-2'],
          ],
          ['sms.send', 'hmac'],
        ]);
        const ofCall = all.filter(({ key }) => key === 'call-1');
        expect(ofCall.map(({ sequence }) => sequence)).toEqual([1, 2]);
        expect((await shown('--call', 'call-1')).map(({ topic }) => topic).sort()).toEqual([
          ...['calls.changed', 'calls.changed', 'sms.send'],
        ]);
        expect((await shown('--topic', 'sms.send')).map(({ topic }) => topic)).toEqual(['sms.send']);
        expect(await cli.json('tail', '--no-follow', '--since', '0s')).toEqual([]);

        const admin = createKafka(connection, logger).admin();
        await admin.connect();
        const { groups } = await admin.listGroups();
        await admin.disconnect();
        expect(groups.filter(({ groupId }) => groupId.startsWith('wardline-look'))).toEqual([]);

        let more: Promise<void> | undefined;
        const followed = await cli.events(['tail', '--json'], {}, (soFar, end) => {
          const lines = soFar.split('\n').length - 1;
          if (lines === 4) more ??= publish(service, newEvent({ key: 'call-3' }));
          if (lines >= 5) end();
        });
        await more;
        expect(followed.out.trim().split('\n').at(-1)).toContain('"key":"call-3"');
        expect((await cli.events(['tail', '--no-follow'])).out).not.toContain('secret');
      } finally {
        cli.dispose();
        await relay.close();
      }
    });

    it('says in one line that there is no broker', async () => {
      const cli = eventsCommand({ busUrl: db.busUrl, kafka: { brokers: ['127.0.0.1:9'] } });
      const { code, err } = await cli.events(['tail', '--no-follow']);
      expect(code).toBe(1);
      expect(err).toBe('events: Kafka at 127.0.0.1:9 does not answer; is Wardline still running?\n');
      cli.dispose();
    });
  });
});
