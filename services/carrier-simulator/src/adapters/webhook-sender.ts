import { randomUUID, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@wardline/observability';
import { createRandom } from '@wardline/seeded-random';
import type { Delivery, WebhookSender } from '../ports/webhook-sender.ts';
import { signedHeaders } from './webhook-signer.ts';

/** Delays before each further attempt: five retries within a minute, as the carrier documents. */
export const retryDelaysMs = [1_000, 3_000, 8_000, 16_000, 30_000] as const;
const answerMsMax = 5_000;
const shuffleMsMax = 700;
const duplicateMsMax = 900;

export function createWebhookSender(o: {
  key: KeyObject;
  logger: Logger;
  retryDelays?: readonly number[];
  fetch?: typeof fetch;
}): WebhookSender {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const request = o.fetch ?? fetch;
  const delays = o.retryDelays ?? retryDelaysMs;

  async function attempt(url: string, data: object, number: number): Promise<number | undefined> {
    const body = JSON.stringify({ data, meta: { attempt: number, delivered_to: url } });
    try {
      const response = await request(url, {
        method: 'POST',
        body,
        headers: signedHeaders(o.key, body, new Date()),
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(answerMsMax)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // Refused, reset or late: to the carrier all the same, the delivery is tried again.
      return undefined;
    }
  }

  async function deliver(url: string, data: { id: string; event_type: string }, note: (d: Delivery) => void) {
    for (let number = 1; number <= delays.length + 1; number++) {
      const status = await attempt(url, data, number);
      note({ eventId: data.id, eventType: data.event_type, attempts: number, status });
      if (status !== undefined && status >= 200 && status < 300) return;
      if (stopping.signal.aborted || number > delays.length) break;
      o.logger.debug('webhook not accepted, will be retried', {
        event: data.event_type,
        status,
        attempt: number,
      });
      await delay(delays[number - 1], undefined, { signal: stopping.signal }).catch(() => {
        // The simulator is closing: nobody waits for this delivery any more.
      });
    }
    if (!stopping.signal.aborted) o.logger.warn('webhook given up', { event: data.event_type });
  }

  return {
    openLane(mode, seed) {
      const random = createRandom(seed);
      const deliveries: Delivery[] = [];
      const mine = new Set<Promise<void>>();
      const track = (work: Promise<void>) => {
        const held = work.finally(() => {
          running.delete(held);
          mine.delete(held);
        });
        running.add(held);
        mine.add(held);
      };
      const later = (ms: number) =>
        ms <= 0
          ? Promise.resolve()
          : delay(ms, undefined, { signal: stopping.signal }).catch(() => {
              // As above: closing.
            });
      return {
        deliveries,
        async settled() {
          while (mine.size > 0) await Promise.all(mine);
        },
        send(event, url) {
          const data = {
            record_type: 'event' as const,
            event_type: event.eventType,
            id: randomUUID(),
            occurred_at: new Date().toISOString().replace('Z', '000Z'),
            payload: event.payload,
          };
          const first = mode.delayMs + (mode.shuffle ? Math.round(random() * shuffleMsMax) : 0);
          const second = random() < 0.5 ? first : mode.delayMs + Math.round(random() * duplicateMsMax);
          const note = (d: Delivery) => void deliveries.push(d);
          track(later(first).then(() => deliver(url, data, note)));
          if (mode.duplicate) track(later(second).then(() => deliver(url, data, note)));
        },
      };
    },
    async close() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
