import { durationMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { events, readEvent } from '@wardline/contracts';
import type { BusEvent } from '@wardline/event-bus';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Fact } from '../domain/facts.ts';
import { callStates, campaignStates, directions, outcomes, results } from './contract-words.ts';

export type FactRead =
  { readonly kind: 'read'; readonly fact: Fact } | { readonly kind: 'unreadable'; readonly reason: string };

/** What makes an event unreadable that has the right form: a time without which no figure can be made. */
class Missing extends Error {}

/** The fact that an event states. Everything that is not in `Fact` is left behind here, names of campaigns included. */
export function readFact(event: BusEvent): FactRead {
  const reader = readers.get(event.type);
  return reader ? reader(event) : { kind: 'unreadable', reason: 'an event of a type without a fact' };
}

const readers = new Map<string, (event: BusEvent) => FactRead>();

function reads<Schema extends DescMessage>(schema: Schema, factOf: (m: MessageShape<Schema>) => Fact): void {
  readers.set(schema.typeName, (event) => {
    const read = readEvent(schema, event.data, event.type);
    if (read.kind === 'unreadable') return { kind: 'unreadable', reason: read.reason };
    try {
      return { kind: 'read', fact: factOf(read.message) };
    } catch (error) {
      if (error instanceof Missing)
        return { kind: 'unreadable', reason: `${schema.name} without ${error.message}` };
      throw error;
    }
  });
}

function instant(field: string, at: Timestamp | undefined): number {
  if (!at) throw new Missing(field);
  return timestampMs(at);
}

const instantOrNull = (at: Timestamp | undefined): number | null => (at ? timestampMs(at) : null);

interface CampaignCall {
  callId: string;
  clinicId: string;
  campaignId: string;
  attemptId: string;
}
const ofCall = (m: CampaignCall): CampaignCall => {
  if (m.callId === '') throw new Missing('call_id');
  return { callId: m.callId, clinicId: m.clinicId, campaignId: m.campaignId, attemptId: m.attemptId };
};

reads(events.CallInitiatedSchema, (m) => ({
  kind: 'call-initiated',
  ...ofCall(m),
  direction: directions.of(m.direction),
  initiatedAtMs: instant('initiated_at', m.initiatedAt),
}));

reads(events.CallChangedSchema, (m) => ({
  kind: 'call-changed',
  ...ofCall(m),
  toState: callStates.of(m.toState),
  changedAtMs: instant('changed_at', m.changedAt),
}));

reads(events.CallCompletedSchema, (m) => ({
  kind: 'call-completed',
  ...ofCall(m),
  direction: directions.of(m.direction),
  outcome: outcomes.of(m.outcome),
  endReason: m.endReason,
  initiatedAtMs: instant('initiated_at', m.initiatedAt),
  answeredAtMs: instantOrNull(m.answeredAt),
  endedAtMs: instant('ended_at', m.endedAt),
  talkMs: m.talkTime ? Math.round(durationMs(m.talkTime)) : null,
}));

reads(events.CallFailedSchema, (m) => ({
  kind: 'call-failed',
  ...ofCall(m),
  direction: directions.of(m.direction),
  failureReason: m.failureReason,
  initiatedAtMs: instant('initiated_at', m.initiatedAt),
  failedAtMs: instant('failed_at', m.failedAt),
}));

reads(events.CallEscalatedSchema, (m) => ({
  kind: 'call-escalated',
  ...ofCall(m),
  reason: m.reason,
  initiatedAtMs: instant('initiated_at', m.initiatedAt),
  requestedAtMs: instantOrNull(m.requestedAt),
  transferredAtMs: instant('transferred_at', m.transferredAt),
  endedAtMs: instant('ended_at', m.endedAt),
}));

reads(events.ConversationEndedSchema, (m) => {
  if (m.callId === '') throw new Missing('call_id');
  return {
    kind: 'conversation-ended',
    callId: m.callId,
    clinicId: m.clinicId,
    turns: m.turns,
    notUnderstood: m.notUnderstood,
    silences: m.silences,
    interruptions: m.interruptions,
    responseMs: m.responseMs,
    endedAtMs: instant('ended_at', m.endedAt),
  };
});

reads(events.CampaignCallQueuedSchema, (m) => ({
  kind: 'call-queued',
  attemptId: m.attemptId,
  campaignId: m.campaignId,
  clinicId: m.clinicId,
  recipientId: m.recipientId,
}));

reads(events.CampaignChangedSchema, (m) => ({
  kind: 'campaign-changed',
  campaignId: m.campaignId,
  clinicId: m.clinicId,
  state: campaignStates.of(m.state),
  recipients: m.recipients,
  changedAtMs: instant('changed_at', m.changedAt),
}));

reads(events.RecipientSettledSchema, (m) => ({
  kind: 'recipient-settled',
  recipientId: m.recipientId,
  campaignId: m.campaignId,
  clinicId: m.clinicId,
  result: results.of(m.result),
  attempts: m.attempts,
  settledAtMs: instant('settled_at', m.settledAt),
}));
