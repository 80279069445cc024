// What others make of our messages: kcat, which is librdkafka and C, and the library of the CloudEvents project.
import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createSilentLogger } from '@wardline/observability';
import { Kafka as CloudEventsKafka, type CloudEvent, type KafkaMessage } from 'cloudevents';
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { NewEvent } from '../event.ts';
import { createKafkaRelay, partitionOf, uuidv7 } from '../index.ts';
import { publish, startBusDatabase, TENANT, type BusDatabase } from '../testing/fixture/database.ts';
import { topics } from '../topics.ts';
import type { KafkaConnection } from './connection.ts';
import { provisionTopics } from './provision.ts';

const run = promisify(execFile);
const logger = createSilentLogger();
const hasKcat = spawnSync('kcat', ['-V']).error === undefined;

function describeWithKcat(name: string, suite: () => void): void {
  if (hasKcat) return describeWithKafka(name, suite);
  if (process.env['CI'] === 'true') {
    return describe(name, () => {
      it('has what it needs', () => {
        throw new Error('kcat is not installed; on Debian: apt-get install -y kcat');
      });
    });
  }
  process.stderr.write(`skipped: ${name}: kcat is not installed\n`);
  describe.skip(name, suite);
}

/** A message as `kcat -J` prints it. */
interface Printed {
  topic: string;
  partition: number;
  offset: number;
  /** Names and values in turn. */
  headers: string[];
  key: string;
  payload: string;
}

const headersOf = ({ headers }: Printed): Record<string, string> =>
  Object.fromEntries(
    headers.flatMap((text, i) => (i % 2 === 0 ? [[text, headers[i + 1] ?? '']] : [])) as [string, string][],
  );

describeWithKcat('a foreign client', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const occurredAt = new Date('2026-03-02T15:04:05.120Z');
  // More than the producer leaves uncompressed, and text that is not ASCII.
  const published: NewEvent[] = Array.from({ length: 24 }, (_, i) => ({
    id: uuidv7(),
    topic: 'calls.changed',
    type: 'wardline.events.v1.CallChanged',
    key: `call-${i % 3}`,
    subject: `calls/call-${i % 3}`,
    tenantId: TENANT,
    traceparent,
    occurredAt,
    data: { callId: `call-${i % 3}`, reason: `Grüße № ${i}`, n: i },
  }));
  let db: BusDatabase;
  let cluster: KafkaCluster;
  let printed: Printed[];

  const read = async (topic: string): Promise<Printed[]> => {
    const args = ['-b', cluster.brokers.join(','), '-C', '-t', topic, '-e', '-q', '-J'];
    const { stdout } = await run('kcat', args, { timeout: 30_000, maxBuffer: 16 * 1024 * 1024 });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Printed);
  };

  beforeAll(async () => {
    [db, cluster] = await Promise.all([startBusDatabase(), startKafka()]);
    const connection: KafkaConnection = { brokers: cluster.brokers, topicPrefix: `foreign-${process.pid}.` };
    await provisionTopics(connection, { logger, declaration: { 'calls.changed': topics['calls.changed'] } });
    const service = await db.connect();
    await publish(service, ...published);
    const relay = createKafkaRelay({ connection, busUrl: db.busUrl, logger });
    await relay.start();
    const deadline = performance.now() + 120_000;
    do printed = await read(`${connection.topicPrefix}calls.changed`);
    while (printed.length < published.length && performance.now() < deadline);
    await relay.close();
  }, 300_000);
  afterAll(async () => {
    await Promise.all([db?.stop(), cluster?.stop()]);
  }, 120_000);

  const eventOf = (message: Printed): NewEvent => {
    const id = headersOf(message)['ce_id'];
    const event = published.find((one) => one.id === id);
    if (!event) throw new Error(`nobody published ${id}`);
    return event;
  };

  it('reads every event once, of each key in one partition and in its order', () => {
    expect(printed.map((message) => headersOf(message)['ce_id']).sort()).toEqual(
      published.map(({ id }) => id).sort(),
    );
    for (const key of ['call-0', 'call-1', 'call-2']) {
      const ofKey = printed.filter((message) => message.key === key);
      expect(new Set(ofKey.map(({ partition }) => partition))).toEqual(
        new Set([partitionOf('calls.changed', key)]),
      );
      const inOrder = ofKey.sort((a, b) => a.offset - b.offset).map((message) => eventOf(message).data['n']);
      expect(inOrder).toEqual(published.filter((e) => e.key === key).map((e) => e.data['n']));
    }
  });

  // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
  it('sees the headers of the CloudEvents Kafka binding, binary content mode', () => {
    for (const message of printed) {
      const event = eventOf(message);
      const headers = headersOf(message);
      // 3.2.1: content-type is datacontenttype. 3.2.2: the data is the value as it is.
      expect(headers['content-type']).toBe('application/json');
      expect(JSON.parse(message.payload)).toEqual(event.data);
      // 3.2.3: every attribute is a header `ce_` + its name; names are lower-case letters and digits.
      for (const name of Object.keys(headers)) {
        expect(name).toMatch(/^(ce_[a-z0-9]{1,20}|content-type|traceparent)$/);
      }
      expect(headers).toMatchObject({
        ce_specversion: '1.0',
        ce_id: event.id,
        ce_source: '/wardline/ward_test',
        ce_type: event.type,
        ce_subject: event.subject,
        ce_tenantid: TENANT,
        ce_traceparent: traceparent,
        traceparent,
      });
      expect(headers['ce_time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
      expect(new Date(headers['ce_time'] ?? '')).toEqual(occurredAt);
      // Once each: a consumer with a map of headers must not have to choose.
      expect(message.headers).toHaveLength(2 * Object.keys(headers).length);
    }
  });

  it('counts the events of a subject by the extension sequence', () => {
    for (const subject of ['calls/call-0', 'calls/call-1', 'calls/call-2']) {
      const counted = printed
        .map(headersOf)
        .filter((headers) => headers['ce_subject'] === subject)
        .map((headers) => Number(headers['ce_sequence']))
        .sort((a, b) => a - b);
      expect(counted).toEqual(counted.map((_, i) => i + 1));
    }
  });

  it('can hand it to the CloudEvents library, which accepts it', () => {
    for (const message of printed) {
      const event = eventOf(message);
      const { key, payload: value } = message;
      const received: KafkaMessage<string> = { headers: headersOf(message), key, value, body: value };
      const read = CloudEventsKafka.toEvent(received) as CloudEvent<unknown>;
      expect(read.validate()).toBe(true);
      expect(read).toMatchObject({
        id: event.id,
        type: event.type,
        subject: event.subject,
        source: '/wardline/ward_test',
        tenantid: TENANT,
        traceparent,
        datacontenttype: 'application/json',
        data: event.data,
      });
    }
  });
});
