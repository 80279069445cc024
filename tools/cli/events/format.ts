import type { BusEvent, DeadLetter, JsonValue } from '@wardline/event-bus';

export const traceIdOf = (event: { traceparent: string }): string => event.traceparent.slice(3, 35);

/** One line for a person. Sealed values are personal: what is shown is that they are there. */
export function eventLine(event: BusEvent): string {
  const columns = [
    event.time.toISOString(),
    event.topic.padEnd(20),
    event.key,
    (event.type.split('.').at(-1) ?? event.type).padEnd(18),
    `trace=${traceIdOf(event)}`,
    JSON.stringify(event.data, (_, value: JsonValue) => hideSealed(value)),
  ];
  return columns.join('  ');
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

export function deadLetterLine(letter: DeadLetter): string {
  const behind = letter.waiting === 0 ? '' : `  (${letter.waiting} waiting behind it)`;
  return `${letter.id}  ${letter.deadAt.toISOString()}  ${letter.group}  ${letter.topic}  ${letter.key}  ${letter.reason}${behind}`;
}

export function deadLetterJson(letter: DeadLetter): string {
  return JSON.stringify(letter, undefined, 2);
}
