import { numbered, type TakenRow } from './kafka-target.ts';

const row = (subject: string, last: number, topic = 'calls.changed'): TakenRow => ({
  ...{ source: 0, topic, partition: 0, id: 'id', tenant_id: 't', type: 'T', key: 'k', subject },
  ...{ last_sequence: String(last), data: '{}', traceparent: 'tp', occurred_at: '2026-03-01T10:00:00Z' },
});

it('counts each subject of a topic up to the sequence it has come to', () => {
  const rows = [
    row('a', 7),
    row('b', 1),
    row('a', 7),
    row('a', 2, 'sms.send'),
    row('a', 7),
    row('a', 2, 'sms.send'),
  ];
  expect(numbered(rows, ['telephony']).map((r) => `${r.topic} ${r.subject} ${r.sequence}`)).toEqual([
    'calls.changed a 5',
    'calls.changed b 1',
    'calls.changed a 6',
    'sms.send a 1',
    'calls.changed a 7',
    'sms.send a 2',
  ]);
  expect(numbered(rows, ['telephony'])[0]?.source).toBe('telephony');
});
