import type { Delivery, TestResult, Webhook } from '../api/integrations.ts';
import { count } from '../failures/words.ts';

interface Standing {
  readonly label: string;
  readonly tone: 'good' | 'bad' | 'calm';
}

/** How a webhook is, in one word. */
export function standingOf(webhook: Webhook): Standing {
  if (webhook.state === 'disabled') return { label: 'Switched off', tone: 'bad' };
  if (webhook.state === 'paused') return { label: 'Paused', tone: 'calm' };
  if (webhook.failingSince) return { label: 'Failing', tone: 'bad' };
  if (webhook.waiting.events > 0) return { label: 'Retrying', tone: 'calm' };
  return { label: 'Delivering', tone: 'good' };
}

const offReasons: Record<string, string> = {
  failing:
    'It did not take a single event for a day, so it was switched off. Nothing is lost: what it missed waits here for seven days.',
  gone: 'It answered 410 Gone, which means that it wants no more events, so it was switched off.',
};

/** Why a webhook that Wardline switched off was switched off. */
export function switchedOffWords(webhook: Webhook): string {
  return offReasons[webhook.stateReason ?? ''] ?? `The reason: ${webhook.stateReason ?? 'not known'}.`;
}

export function waitingWords({ waiting }: Webhook): string {
  if (waiting.events === 0) return 'Nothing waits.';
  const verb = waiting.events === 1 ? 'waits' : 'wait';
  return `${count(waiting.events, 'event')} of ${count(waiting.keys, 'key')} ${verb} to be tried again.`;
}

/** "connection-refused" as "connection refused", "http-503" as "HTTP 503". */
export const reasonWords = (reason: string) => reason.replace(/^http-(\d+)$/, 'HTTP $1').replaceAll('-', ' ');

/** What a receiver answered, or why it did not. */
export function answerWords(
  answer: Pick<Delivery | TestResult, 'httpStatus' | 'latencyMs' | 'reason'>,
): string {
  const parts = [
    answer.httpStatus === null ? undefined : `HTTP ${answer.httpStatus}`,
    answer.reason === null || answer.reason === `http-${answer.httpStatus}`
      ? undefined
      : reasonWords(answer.reason),
    answer.latencyMs === null ? undefined : `${answer.latencyMs} ms`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

export const outcomes: Record<Delivery['outcome'], { label: string; tone: string }> = {
  delivered: { label: 'Delivered', tone: 'badge-good' },
  failed: { label: 'Failed', tone: 'badge-bad' },
  skipped: { label: 'Skipped', tone: '' },
  expired: { label: 'Given up', tone: 'badge-bad' },
};
