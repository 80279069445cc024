import { z } from 'zod';
import type { StoredRecord, WaitingEvent, Webhook } from '../ports/webhook-store.ts';
import { id, instant, instantOrNull } from './kernel/fields.ts';

const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null;

export const webhookFields = {
  id,
  name: z.string(),
  url: z.string(),
  topics: z.array(z.string()),
  personal: z.boolean(),
  state: z.enum(['active', 'paused', 'disabled']),
  stateReason: z.string().nullable().describe('`by-staff` (paused), `failing` or `gone` (disabled).'),
  stateChangedAt: instant,
  createdAt: instant,
  previousSecretValidUntil: instantOrNull,
  position: z.number().describe('Delivered, or waiting, up to here.'),
  firstPosition: z
    .number()
    .describe("Of the hospital's log; what is before it and not delivered will not come."),
  lastPosition: z.number(),
  waiting: z.strictObject({ events: z.int(), keys: z.int() }),
  failingSince: instantOrNull,
  triedAgainAt: instantOrNull.describe('Set while the receiver is left alone as a whole.'),
};
export const webhookSchema = z.strictObject(webhookFields).meta({ id: 'Webhook' });

export const recordSchema = z
  .strictObject({
    id,
    at: instant,
    eventId: z.string(),
    position: z.number().nullable(),
    topic: z.string(),
    type: z.string(),
    key: z.string(),
    attempt: z.int(),
    outcome: z.enum(['delivered', 'failed', 'skipped', 'expired']),
    httpStatus: z.int().nullable(),
    latencyMs: z.number().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const waitingSchema = z
  .strictObject({
    eventId: z.string(),
    position: z.number(),
    key: z.string(),
    attempts: z.int(),
    firstFailedAt: instantOrNull,
    nextAttemptAt: instant,
    lastReason: z.string().nullable(),
  })
  .meta({ id: 'WebhookWaiting' });

/** JSON of a webhook. Instants are ISO 8601 in UTC, positions numbers. The secret is only in the answers that make one. */
export const webhookView = (webhook: Webhook): z.input<typeof webhookSchema> => ({
  id: webhook.id,
  name: webhook.name,
  url: webhook.url,
  topics: [...webhook.topics],
  personal: webhook.personal,
  state: webhook.state,
  stateReason: webhook.stateReason ?? null,
  stateChangedAt: webhook.stateChangedAt.toISOString(),
  createdAt: webhook.createdAt.toISOString(),
  previousSecretValidUntil: iso(webhook.previousSecretUntil),
  position: Number(webhook.position),
  firstPosition: Number(webhook.firstPosition),
  lastPosition: Number(webhook.lastPosition),
  waiting: { events: webhook.waitingEvents, keys: webhook.waitingKeys },
  failingSince: iso(webhook.failingSince),
  triedAgainAt: iso(webhook.resumeAt),
});

/** JSON of a line of the delivery log. */
export const recordView = (record: StoredRecord): z.input<typeof recordSchema> => ({
  id: record.id,
  at: record.at.toISOString(),
  eventId: record.eventId,
  position: record.position === undefined ? null : Number(record.position),
  topic: record.topic,
  type: record.type,
  key: record.key,
  attempt: record.attempt,
  outcome: record.outcome,
  httpStatus: record.httpStatus ?? null,
  latencyMs: record.latencyMs ?? null,
  reason: record.reason ?? null,
});

/** JSON of an event that waits: for its next attempt, or behind another of its key. */
export const waitingView = (event: WaitingEvent): z.input<typeof waitingSchema> => ({
  eventId: event.eventId,
  position: Number(event.position),
  key: event.key,
  attempts: event.attempts,
  firstFailedAt: iso(event.firstFailedAt),
  nextAttemptAt: event.nextAttemptAt.toISOString(),
  lastReason: event.lastReason ?? null,
});
