import {
  attemptsIn,
  policyOf,
  REPLAYED,
  type Attempt,
  type DeadLetter,
  type JsonValue,
  type ParkedKeySummary,
} from '@wardline/event-bus';
import { z } from 'zod';
import { instantOrNull } from './kernel/fields.ts';

/** What stands for a value that is not shown. */
export const HIDDEN = '(hidden)';

const showable = [
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, // an id
  /^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z$/, // an instant
  /^[A-Z]+(_[A-Z]+)+$/, // a value of an enum
];

/**
 * An event's data without anything personal. What failed may be an event that breaks its contract, so no field's name is
 * trusted: of texts only ids, instants and enum values are shown, and of numbers none that could be a telephone's.
 */
export function shownData(value: unknown, depth = 0): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Math.abs(value) < 100_000 ? value : HIDDEN;
  if (typeof value === 'string')
    return value === '' || showable.some((form) => form.test(value)) ? value : HIDDEN;
  if (typeof value !== 'object' || depth > 4) return HIDDEN;
  if (Array.isArray(value)) return value.slice(0, 20).map((item) => shownData(item, depth + 1));
  if ('sealed' in value) return HIDDEN;
  const fields = Object.entries(value).filter(([name]) => /^[a-zA-Z][a-zA-Z0-9_]{0,60}$/.test(name));
  return Object.fromEntries(fields.slice(0, 50).map(([name, item]) => [name, shownData(item, depth + 1)]));
}

/** Null for what is no instant: an unreadable event can say anything. */
function iso(at: Date | string): string | null {
  const instant = new Date(at);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

type Failed = Pick<DeadLetter, 'event' | 'key'>;
/** Of an event that is none of ours nothing is known, so nothing is shown. */
const textOf = ({ event }: Failed, text: string): string => (event.unreadable === undefined ? text : HIDDEN);
const historyView = (history: readonly Attempt[]) =>
  history.map(({ at, reason }) => ({ at: iso(at), reason, byHand: reason === REPLAYED }));

function eventView(failed: Failed) {
  const { event } = failed;
  return {
    id: textOf(failed, event.id),
    type: textOf(failed, event.type),
    subject: textOf(failed, event.subject),
    sequence: Number(event.sequence) || 0,
    occurredAt: iso(event.occurred_at),
    publishedAt: iso(event.published_at),
    traceId: /^00-([0-9a-f]{32})-/.exec(event.traceparent)?.[1] ?? null,
    data: shownData(event.data),
  };
}

const eventSchema = z.strictObject({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  sequence: z.number(),
  occurredAt: instantOrNull,
  publishedAt: instantOrNull,
  traceId: z.string().nullable(),
  data: z.unknown().describe('Ids, instants and enum values only; everything else is hidden.'),
});

const failedFields = {
  group: z.string(),
  topic: z.string(),
  key: z.string(),
  waiting: z.int().describe('Events that wait behind it.'),
  attempts: z.int(),
  history: z.array(z.strictObject({ at: instantOrNull, reason: z.string(), byHand: z.boolean() })),
  event: eventSchema,
};

export const deadLetterSchema = z.strictObject({
  id: z.string(),
  ...failedFields,
  reason: z.string(),
  deadAt: instantOrNull,
  onFailure: z.string(),
  holdsKey: z.boolean(),
  attemptsAtLeast: z.boolean(),
});

export const parkedSchema = z.strictObject({
  ...failedFields,
  reason: z.string().nullable(),
  nextAttemptAt: instantOrNull,
  parkedSince: instantOrNull,
});

export const deadLetterView = (letter: DeadLetter) => ({
  id: letter.id,
  group: letter.group,
  topic: letter.topic,
  key: textOf(letter, letter.key),
  reason: letter.reason,
  deadAt: iso(letter.deadAt),
  onFailure: policyOf(letter.topic),
  holdsKey: letter.holdsKey,
  waiting: letter.waiting,
  attempts: attemptsIn(letter.history).attempts,
  /** Of a long history only the newest attempts are kept. */
  attemptsAtLeast: attemptsIn(letter.history).atLeast,
  history: historyView(letter.history),
  event: eventView(letter),
});

export const parkedView = (parked: ParkedKeySummary) => ({
  group: parked.group,
  topic: parked.topic,
  key: textOf(parked, parked.key),
  reason: parked.history.at(-1)?.reason ?? null,
  attempts: parked.attempts,
  nextAttemptAt: iso(parked.nextAttemptAt),
  parkedSince: iso(parked.parkedSince),
  waiting: parked.waiting,
  history: historyView(parked.history),
  event: eventView(parked),
});
