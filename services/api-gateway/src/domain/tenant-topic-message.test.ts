import { Kafka } from 'cloudevents';
import { egressEventOf } from './egress-event.ts';
import { tenantTopicMessage } from './tenant-topic-message.ts';

const row = {
  tenantId: '01930000-0000-7000-8000-0000000000aa',
  position: 7n,
  eventId: '01930000-0000-7000-8000-000000000001',
  topic: 'calls.changed',
  type: 'wardline.events.v1.CallChanged',
  key: 'call-1',
  subject: 'calls/call-1',
  sequence: 3,
  occurredAt: new Date('2026-03-03T10:30:00.000Z'),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { callId: 'call-1', toState: 'CALL_STATE_ACTIVE', note: '☎ "ring"' },
  recordedAt: new Date(),
};
const noCipher = {
  open: () => {
    throw new Error('nothing to open');
  },
};

it('is read by the CloudEvents library as the very event, with its position', () => {
  const event = egressEventOf(row, { personal: false }, noCipher);
  const message = tenantTopicMessage(row.position, event, 4);
  expect(message).toMatchObject({ position: 7n, partition: 4, key: 'call-1' });
  const read = Kafka.toEvent({ ...message, headers: { ...message.headers }, body: message.value });
  expect(JSON.parse(JSON.stringify(read))).toMatchObject({
    ...(JSON.parse(JSON.stringify(event)) as Record<string, unknown>),
    position: '7',
  });
  expect(message.headers).toMatchObject({ ce_traceparent: row.traceparent, traceparent: row.traceparent });
});

it('has every attribute that the library writes, and says the same in it', () => {
  const event = egressEventOf(row, { personal: false }, noCipher);
  const { headers } = tenantTopicMessage(row.position, event, 4);
  const theirs = Kafka.binary({ ...event }).headers as Record<string, string>;
  const { ce_datacontenttype: _sameAsContentType, ...expected } = theirs;
  expect(headers).toMatchObject(expected);
});
