import type { StoredRecord, WaitingEvent, Webhook } from '../ports/webhook-store.ts';

const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null;

/** JSON of a webhook. Instants are ISO 8601 in UTC, positions numbers. The secret is only in the answers that make one. */
export const webhookView = (webhook: Webhook) => ({
  id: webhook.id,
  name: webhook.name,
  url: webhook.url,
  topics: webhook.topics,
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

export type WebhookView = ReturnType<typeof webhookView>;

/** JSON of a line of the delivery log. */
export const recordView = (record: StoredRecord) => ({
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
export const waitingView = (event: WaitingEvent) => ({
  eventId: event.eventId,
  position: Number(event.position),
  key: event.key,
  attempts: event.attempts,
  firstFailedAt: iso(event.firstFailedAt),
  nextAttemptAt: event.nextAttemptAt.toISOString(),
  lastReason: event.lastReason ?? null,
});
