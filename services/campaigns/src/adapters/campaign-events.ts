import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';
import type { CampaignState } from '../domain/campaign.ts';
import type { RecipientResult } from '../domain/results.ts';
import { campaignStates, recipientResultCodes } from './contract-words.ts';

const implicit = { alwaysEmitImplicit: true } as const;

/** `campaigns.queued`; its key is the number's, so that calls to one telephone stay in order. */
export function callQueued(e: {
  tenantId: string;
  attemptId: string;
  campaignId: string;
  clinicId: string;
  recipientId: string;
  numberKey: string;
  dialByMs: number;
}): NewEvent {
  const message = create(events.CampaignCallQueuedSchema, {
    attemptId: e.attemptId,
    campaignId: e.campaignId,
    clinicId: e.clinicId,
    recipientId: e.recipientId,
    dialBy: timestampFromMs(e.dialByMs),
  });
  return {
    topic: 'campaigns.queued',
    type: events.CampaignCallQueuedSchema.typeName,
    key: e.numberKey,
    subject: `attempts/${e.attemptId}`,
    tenantId: e.tenantId,
    data: toJson(events.CampaignCallQueuedSchema, message, implicit) as JsonObject,
  };
}

export function campaignChanged(e: {
  tenantId: string;
  campaignId: string;
  clinicId: string;
  name: string;
  flowId: string;
  state: CampaignState;
  recipients: number;
  atMs: number;
}): NewEvent {
  const message = create(events.CampaignChangedSchema, {
    campaignId: e.campaignId,
    clinicId: e.clinicId,
    name: e.name,
    flowId: e.flowId,
    state: campaignStates[e.state],
    recipients: e.recipients,
    changedAt: timestampFromMs(e.atMs),
  });
  return {
    topic: 'campaigns.changed',
    type: events.CampaignChangedSchema.typeName,
    key: e.campaignId,
    subject: `campaigns/${e.campaignId}`,
    tenantId: e.tenantId,
    data: toJson(events.CampaignChangedSchema, message, implicit) as JsonObject,
  };
}

export function recipientSettled(e: {
  tenantId: string;
  recipientId: string;
  campaignId: string;
  clinicId: string;
  result: RecipientResult;
  attempts: number;
  appointmentId: string | undefined;
  patientId: string | undefined;
  atMs: number;
}): NewEvent {
  const message = create(events.RecipientSettledSchema, {
    recipientId: e.recipientId,
    campaignId: e.campaignId,
    clinicId: e.clinicId,
    result: recipientResultCodes[e.result],
    attempts: e.attempts,
    appointmentId: e.appointmentId ?? '',
    patientId: e.patientId ?? '',
    settledAt: timestampFromMs(e.atMs),
  });
  return {
    topic: 'campaigns.settled',
    type: events.RecipientSettledSchema.typeName,
    key: e.recipientId,
    subject: `recipients/${e.recipientId}`,
    tenantId: e.tenantId,
    data: toJson(events.RecipientSettledSchema, message, implicit) as JsonObject,
  };
}
