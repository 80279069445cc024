import { uuidv7, type BusEvent, type NewEvent } from '@wardline/event-bus';

export const tenantA = '01930000-0000-7000-8000-0000000000aa';
export const tenantB = '01930000-0000-7000-8000-0000000000bb';

let count = 0;

/** An event as a consumer receives it: one change of a call, unless told otherwise. */
export function callEvent(o: Partial<NewEvent> & { n?: number } = {}): BusEvent {
  const { n = ++count, ...given } = o;
  const key = given.key ?? 'call-1';
  return {
    topic: 'calls.changed',
    type: 'wardline.events.v1.CallChanged',
    key,
    subject: `calls/${key}`,
    tenantId: tenantA,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    occurredAt: new Date(),
    id: uuidv7(),
    ...given,
    data: { callId: key, n, ...given.data },
    partition: 0,
    offset: BigInt(n),
    sequence: n,
    time: new Date(),
  };
}
