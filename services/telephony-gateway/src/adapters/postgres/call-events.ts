import { create, toJson, type DescMessage, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';
import { directionToProto, outcomeToProto, stateToProto } from '../../contract-words.ts';
import type { CallFact } from '../../domain/facts.ts';
import type { StoredCall } from '../../ports/call-store.ts';

/** A fact of the domain as an event of the contract, on the call's own trace. */
export function eventOf(
  stored: Pick<StoredCall, 'callId' | 'clinicId' | 'tenantId' | 'traceparent' | 'campaign'>,
  fact: CallFact,
): NewEvent {
  const of = { callId: stored.callId, clinicId: stored.clinicId, ...stored.campaign };
  switch (fact.type) {
    case 'initiated':
      return event(stored, 'calls.initiated', fact.initiatedAt, events.CallInitiatedSchema, {
        ...of,
        direction: directionToProto[fact.direction],
        initiatedAt: timestampFromMs(fact.initiatedAt),
      });
    case 'changed':
      return event(stored, 'calls.changed', fact.at, events.CallChangedSchema, {
        ...of,
        fromState: stateToProto[fact.from],
        toState: stateToProto[fact.to],
        reason: fact.reason,
        changedAt: timestampFromMs(fact.at),
      });
    case 'completed':
      return event(stored, 'calls.completed', fact.endedAt, events.CallCompletedSchema, {
        ...of,
        direction: directionToProto[fact.direction],
        outcome: fact.outcome === null ? events.CallOutcome.UNSPECIFIED : outcomeToProto[fact.outcome],
        endReason: fact.endReason,
        initiatedAt: timestampFromMs(fact.initiatedAt),
        ...(fact.answeredAt === null ? {} : { answeredAt: timestampFromMs(fact.answeredAt) }),
        endedAt: timestampFromMs(fact.endedAt),
        talkTime: durationFromMs(fact.talkMs),
      });
    case 'failed':
      return event(stored, 'calls.failed', fact.failedAt, events.CallFailedSchema, {
        ...of,
        direction: directionToProto[fact.direction],
        failureReason: fact.reason,
        initiatedAt: timestampFromMs(fact.initiatedAt),
        failedAt: timestampFromMs(fact.failedAt),
      });
    case 'escalated':
      return event(stored, 'calls.escalated', fact.endedAt, events.CallEscalatedSchema, {
        ...of,
        reason: fact.reason,
        initiatedAt: timestampFromMs(fact.initiatedAt),
        transferredAt: timestampFromMs(fact.transferredAt),
        endedAt: timestampFromMs(fact.endedAt),
        ...(fact.requestedAt === null ? {} : { requestedAt: timestampFromMs(fact.requestedAt) }),
      });
    default:
      return fact satisfies never;
  }
}

function event<S extends DescMessage>(
  stored: Pick<StoredCall, 'callId' | 'tenantId' | 'traceparent'>,
  topic: NewEvent['topic'],
  at: number,
  schema: S,
  message: MessageInitShape<S>,
): NewEvent {
  return {
    topic,
    type: schema.typeName,
    key: stored.callId,
    subject: `calls/${stored.callId}`,
    tenantId: stored.tenantId,
    traceparent: stored.traceparent,
    occurredAt: new Date(at),
    data: toJson(schema, create(schema, message), { alwaysEmitImplicit: true }) as JsonObject,
  };
}
