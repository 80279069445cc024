import {
  create,
  toJson,
  type DescMessage,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import { uuidv7, type NewEvent, type TopicName } from '@wardline/event-bus';

/** Fields of a message in which a test's event differs from the usual one. */
type Of<Schema extends DescMessage> = Partial<Omit<MessageShape<Schema>, '$typeName' | '$unknown'>>;

/** What telephony, the brain and campaigns publish, as they do it. */
export function eventsOf(tenantId: string, clinicId: string) {
  const event = <Schema extends DescMessage>(
    topic: TopicName,
    schema: Schema,
    key: string,
    usual: MessageInitShape<Schema>,
    o: Of<Schema> = {},
  ): NewEvent => ({
    id: uuidv7(),
    topic,
    type: schema.typeName,
    key,
    subject: `${topic.split('.')[0]}/${key}`,
    tenantId,
    data: toJson(schema, Object.assign(create(schema, usual), o), { alwaysEmitImplicit: true }) as JsonObject,
  });
  return {
    initiated: (callId: string, atMs: number, o: Of<typeof events.CallInitiatedSchema> = {}) =>
      event(
        'calls.initiated',
        events.CallInitiatedSchema,
        callId,
        {
          callId,
          clinicId,
          direction: events.CallDirection.OUTBOUND,
          initiatedAt: timestampFromMs(atMs),
        },
        o,
      ),
    active: (callId: string, atMs: number, o: Of<typeof events.CallChangedSchema> = {}) =>
      event(
        'calls.changed',
        events.CallChangedSchema,
        callId,
        {
          callId,
          clinicId,
          fromState: events.CallState.RINGING,
          toState: events.CallState.ACTIVE,
          reason: 'answered',
          changedAt: timestampFromMs(atMs),
        },
        o,
      ),
    completed: (
      callId: string,
      times: { initiatedMs: number; answeredMs: number; endedMs: number },
      o: Of<typeof events.CallCompletedSchema> = {},
    ) =>
      event(
        'calls.completed',
        events.CallCompletedSchema,
        callId,
        {
          callId,
          clinicId,
          direction: events.CallDirection.OUTBOUND,
          outcome: events.CallOutcome.CONFIRMED,
          endReason: 'we-hung-up',
          initiatedAt: timestampFromMs(times.initiatedMs),
          answeredAt: timestampFromMs(times.answeredMs),
          endedAt: timestampFromMs(times.endedMs),
          talkTime: durationFromMs(times.endedMs - times.answeredMs),
        },
        o,
      ),
    failed: (callId: string, initiatedMs: number, o: Of<typeof events.CallFailedSchema> = {}) =>
      event(
        'calls.failed',
        events.CallFailedSchema,
        callId,
        {
          callId,
          clinicId,
          direction: events.CallDirection.OUTBOUND,
          failureReason: 'no_answer',
          initiatedAt: timestampFromMs(initiatedMs),
          failedAt: timestampFromMs(initiatedMs + 30_000),
        },
        o,
      ),
    escalated: (
      callId: string,
      times: { initiatedMs: number; requestedMs: number; transferredMs: number; endedMs: number },
      o: Of<typeof events.CallEscalatedSchema> = {},
    ) =>
      event(
        'calls.escalated',
        events.CallEscalatedSchema,
        callId,
        {
          callId,
          clinicId,
          reason: 'caller-asked',
          initiatedAt: timestampFromMs(times.initiatedMs),
          requestedAt: timestampFromMs(times.requestedMs),
          transferredAt: timestampFromMs(times.transferredMs),
          endedAt: timestampFromMs(times.endedMs),
        },
        o,
      ),
    conversation: (callId: string, endedMs: number, o: Of<typeof events.ConversationEndedSchema> = {}) =>
      event(
        'conversations.ended',
        events.ConversationEndedSchema,
        callId,
        {
          callId,
          clinicId,
          turns: 4,
          responseMs: [600, 800, 700],
          endedAt: timestampFromMs(endedMs),
        },
        o,
      ),
    queued: (attemptId: string, o: { campaignId: string; recipientId: string }) =>
      event(
        'campaigns.queued',
        events.CampaignCallQueuedSchema,
        `number of ${o.recipientId}`,
        {
          attemptId,
          clinicId,
        },
        o,
      ),
    campaign: (campaignId: string, recipients: number, atMs: number) =>
      event('campaigns.changed', events.CampaignChangedSchema, campaignId, {
        campaignId,
        clinicId,
        name: 'Reminders of Maria Lopez’s team',
        recipients,
        state: events.CampaignState.RUNNING,
        changedAt: timestampFromMs(atMs),
      }),
    settled: (
      recipientId: string,
      o: { campaignId: string; result: events.RecipientResult; attempts: number; atMs: number },
    ) =>
      event('campaigns.settled', events.RecipientSettledSchema, recipientId, {
        recipientId,
        clinicId,
        campaignId: o.campaignId,
        result: o.result,
        attempts: o.attempts,
        settledAt: timestampFromMs(o.atMs),
      }),
  };
}
