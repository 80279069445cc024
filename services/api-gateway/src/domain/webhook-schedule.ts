/** What came of one attempt, as the network tells it. */
export type DeliveryAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter?: string | undefined }
  /** No HTTP answer: refused, timed out, not resolved, not trusted. The reason is a constant such as "timeout". */
  | { readonly kind: 'no-answer'; readonly reason: string };

export type Verdict =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'failed';
      /** A constant without personal data: it is stored and shown. */
      readonly reason: string;
      /** Whether it says something about the receiver as a whole, or only about this event. */
      readonly about: 'receiver' | 'event';
      /** How long the receiver asked to be left alone. */
      readonly retryAfterMs?: number;
      /** The receiver wants no more, ever (410). */
      readonly gone?: true;
    };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When an event that failed is tried again; the last delay repeats until 24 hours are over. */
export const webhookSchedule = {
  delaysMs: [
    2 * SECOND,
    5 * SECOND,
    15 * SECOND,
    MINUTE,
    3 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    40 * MINUTE,
    HOUR,
  ],
  /** When a receiver that is down as a whole is asked again, by one delivery. A small price for noticing soon. */
  probeDelaysMs: [2 * SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE],
  /** Each delay is changed by up to this share of it, so that what failed together does not come back together. */
  jitterShare: 0.2,
  giveUpAfterMs: 24 * HOUR,
  /** A receiver may ask for at most this much patience. */
  retryAfterMsMax: HOUR,
  /** So many keys that fail one after the other, nothing delivered between, mean that the receiver is down as a whole. */
  failedKeysMax: 3,
} as const;

/** Statuses that are the receiver's word on this event alone; all other failures may be the receiver's own trouble. */
const aboutTheEvent = new Set([400, 405, 406, 409, 411, 413, 414, 415, 422, 431]);

/** What an attempt means. Redirects are never followed: whoever moved tells us the new address. */
export function judgeDelivery(answer: DeliveryAnswer, now: Date): Verdict {
  if (answer.kind === 'no-answer') return { kind: 'failed', reason: answer.reason, about: 'receiver' };
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400) return { kind: 'failed', reason: 'redirect-refused', about: 'receiver' };
  if (status === 410) return { kind: 'failed', reason: 'gone', about: 'receiver', gone: true };
  const reason = `http-${status}`;
  if (aboutTheEvent.has(status)) return { kind: 'failed', reason, about: 'event' };
  const retryAfterMs = retryAfterMsOf(answer.retryAfter, now);
  return {
    kind: 'failed',
    reason,
    about: 'receiver',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), within bounds; undefined when absent or not understood. */
export function retryAfterMsOf(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,10}$/.test(text.trim()) ? Number(text) * SECOND : Date.parse(text) - now.getTime();
  if (!Number.isFinite(ms)) return undefined;
  return Math.min(Math.max(ms, 0), webhookSchedule.retryAfterMsMax);
}

/**
 * @param o.random from 0 to below 1
 * @returns when to try again; undefined when 24 hours of failure are over
 */
export function nextAttemptAt(o: {
  /** Failed ones, this one included. */
  attempts: number;
  firstFailedAt: Date;
  now: Date;
  random: number;
  retryAfterMs?: number | undefined;
}): Date | undefined {
  if (o.now.getTime() - o.firstFailedAt.getTime() >= webhookSchedule.giveUpAfterMs) return undefined;
  const delayMs = jittered(delayOf(webhookSchedule.delaysMs, o.attempts), o.random);
  return new Date(o.now.getTime() + Math.max(delayMs, o.retryAfterMs ?? 0));
}

/** How a receiver does as a whole. Closed: `resumeAt` absent. Open: left alone until then, tried once from then on. */
export interface Breaker {
  readonly failingSince?: Date;
  readonly failedKeys: readonly string[];
  readonly resumeAt?: Date;
  readonly probes: number;
}

export const closedBreaker: Breaker = { failedKeys: [], probes: 0 };

/** Whether deliveries may be made now, and if so whether only one, to see. */
export function breakerAllows(breaker: Breaker, now: Date): 'all' | 'one' | 'none' {
  if (!breaker.resumeAt) return 'all';
  return breaker.resumeAt <= now ? 'one' : 'none';
}

/** The breaker after an attempt of an event with this key. */
export function afterAttempt(
  breaker: Breaker,
  o: { key: string; verdict: Verdict; now: Date; random: number },
): Breaker {
  const { verdict, now } = o;
  // A receiver that refuses one event is up.
  if (verdict.kind === 'delivered' || verdict.about === 'event') return closedBreaker;
  const failing = { ...breaker, failingSince: breaker.failingSince ?? now };
  const opened = (probes: number): Breaker => {
    const delayMs = jittered(delayOf(webhookSchedule.probeDelaysMs, probes), o.random);
    const resumeAt = new Date(now.getTime() + Math.max(delayMs, verdict.retryAfterMs ?? 0));
    return { ...failing, probes, resumeAt };
  };
  const allows = breakerAllows(breaker, now);
  if (allows === 'one') return opened(breaker.probes + 1);
  // What was already under way when it opened says nothing new.
  if (allows === 'none') return failing;
  const failedKeys = breaker.failedKeys.includes(o.key) ? breaker.failedKeys : [...breaker.failedKeys, o.key];
  const down = failedKeys.length >= webhookSchedule.failedKeysMax || verdict.retryAfterMs !== undefined;
  return down ? { ...opened(1), failedKeys } : { ...failing, failedKeys };
}

/** Whether nothing could be delivered for so long that the subscription is switched off. */
export const failedForTooLong = (since: Date | undefined, now: Date): boolean =>
  since !== undefined && now.getTime() - since.getTime() >= webhookSchedule.giveUpAfterMs;

const delayOf = (delays: readonly number[], attempts: number): number =>
  delays[Math.min(Math.max(attempts, 1), delays.length) - 1] ?? 0;

const jittered = (ms: number, random: number): number =>
  Math.round(ms * (1 + webhookSchedule.jitterShare * (2 * random - 1)));
