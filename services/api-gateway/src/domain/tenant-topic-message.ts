import type { EgressEvent } from './egress-event.ts';

/** Header that says where in the hospital's log an event is: the extension attribute `position`. */
export const positionHeader = 'ce_position';

/** An event as it lies in a hospital's topic. */
export interface TenantTopicMessage {
  readonly position: bigint;
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * CloudEvents 1.0, Kafka protocol binding, binary content mode: attributes in `ce_` headers, the data as value, the
 * partition key as message key. `traceparent` also as the plain header that OpenTelemetry's instrumentations read.
 */
export function tenantTopicMessage(
  position: bigint,
  event: EgressEvent,
  partition: number,
): TenantTopicMessage {
  const { data, datacontenttype, ...attributes } = event;
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]),
  );
  return {
    position,
    partition,
    key: event.partitionkey,
    value: JSON.stringify(data),
    headers: {
      ...headers,
      'content-type': datacontenttype,
      traceparent: event.traceparent,
      [positionHeader]: String(position),
    },
  };
}
