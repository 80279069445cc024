import type { BusEvent, JsonValue } from '@wardline/event-bus';

export const traceIdOf = (event: { traceparent: string }): string => event.traceparent.slice(3, 35);

/** One line for a person. Sealed values are personal: what is shown is that they are there. */
export function eventLine(event: BusEvent): string {
  const columns = [
    event.time.toISOString(),
    event.topic.padEnd(20),
    event.key,
    (event.type.split('.').at(-1) ?? event.type).padEnd(18),
    `trace=${traceIdOf(event)}`,
    shownData(event.data),
  ];
  return columns.join('  ');
}

/** An event's data on one line, with what is sealed left out. */
export function shownData(data: unknown): string {
  return JSON.stringify(data, (_, value: JsonValue) => hideSealed(value)) ?? '(none)';
}

function hideSealed(value: JsonValue): JsonValue {
  const sealed = typeof value === 'object' && value !== null && !Array.isArray(value) && 'sealed' in value;
  return sealed ? '(sealed)' : value;
}

/** One JSON object for a program: the whole event, sealed values as they travel. */
export function eventJson(event: BusEvent): string {
  return JSON.stringify({
    time: event.time,
    topic: event.topic,
    type: event.type,
    key: event.key,
    subject: event.subject,
    sequence: event.sequence,
    id: event.id,
    tenantId: event.tenantId,
    traceId: traceIdOf(event),
    traceparent: event.traceparent,
    partition: event.partition,
    offset: event.offset.toString(),
    occurredAt: event.occurredAt,
    data: event.data,
  });
}

/** "1 event", "3 events". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
