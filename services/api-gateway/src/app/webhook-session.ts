import { meter, withSpan, type Logger } from '@wardline/observability';
import { egressEventOf, type Opener } from '../domain/egress-event.ts';
import { createWebhookLanes, type Delivery } from '../domain/webhook-lanes.ts';
import {
  afterAttempt,
  breakerAllows,
  closedBreaker,
  failedForTooLong,
  judgeDelivery,
  nextAttemptAt,
  type DeliveryAnswer,
  type Verdict,
} from '../domain/webhook-schedule.ts';
import type {
  ClaimedWebhook,
  DeliveryRecord,
  WebhookQueue,
  WebhookSettings,
} from '../ports/webhook-queue.ts';
import type { WebhookSender } from '../ports/webhook-sender.ts';
import type { Permits } from './webhook-permits.ts';
import type { WebhookSigner } from './webhook-signature.ts';

const metrics = meter('api-gateway');
const attemptsMade = metrics.createCounter('wardline.webhooks.attempts', {
  description: 'Attempts to deliver an event to a webhook, by outcome',
  unit: '{attempt}',
});
const delay = metrics.createHistogram('wardline.webhooks.delay', {
  description: "From an event's place in the egress log to its delivery",
  unit: 's',
});

export interface SessionDeps {
  readonly queue: WebhookQueue;
  readonly sender: WebhookSender;
  readonly sign: WebhookSigner;
  readonly cipher: Opener;
  readonly now: () => Date;
  readonly random: () => number;
  readonly logger: Logger;
  /** Of this process, for all webhooks together. */
  readonly permits: Permits;
  readonly limits: SessionLimits;
  /** Nothing new is begun once it is aborted. */
  readonly stopping: AbortSignal;
  /** What is under way is broken off, and delivered again by whoever comes next. */
  readonly closing: AbortSignal;
  /** After a webhook was switched off, once that is written. */
  readonly onDisabled: (webhook: WebhookSettings, reason: 'failing' | 'gone') => void;
}

export interface SessionLimits {
  /** Deliveries to one webhook at the same time. */
  readonly concurrencyMax: number;
  /** Its events in memory. */
  readonly itemsMax: number;
  /** Of one key. */
  readonly laneMax: number;
  /** A delivery that takes longer no longer holds the cursor back. */
  readonly stragglerMs: number;
  /** The lease is renewed at least this often. */
  readonly heartbeatMs: number;
}

/**
 * Delivers what there is for one webhook, whose lease the caller has taken, and gives the lease back when there is nothing
 * to do now. What came up is written while further deliveries are under way; whatever was not written when the process
 * ends is delivered again.
 */
export async function runWebhookSession(claim: ClaimedWebhook, deps: SessionDeps): Promise<void> {
  const work = await deps.queue.open(claim);
  if (!work) return;
  await new Session(claim, deps, work).run();
}

type Work = NonNullable<Awaited<ReturnType<WebhookQueue['open']>>>;

class Session {
  readonly #claim: ClaimedWebhook;
  readonly #deps: SessionDeps;
  readonly #lanes: ReturnType<typeof createWebhookLanes>;
  readonly #underWay = new Map<Delivery, number>();
  readonly #abort = new AbortController();
  readonly #brokenOff: AbortSignal;
  readonly #begin = (): void => this.#beginSome();
  #webhook: WebhookSettings;
  readonly #generation: number;
  #breaker: Work['breaker'];
  #records: DeliveryRecord[] = [];
  #recovered = false;
  #disable: 'failing' | 'gone' | undefined;
  #ending = false;
  #writtenAt = performance.now();
  #settled = (): void => undefined;

  constructor(claim: ClaimedWebhook, deps: SessionDeps, work: Work) {
    this.#claim = claim;
    this.#deps = deps;
    this.#brokenOff = AbortSignal.any([this.#abort.signal, deps.closing]);
    this.#webhook = work.webhook;
    this.#generation = work.generation;
    this.#breaker = work.breaker;
    this.#lanes = createWebhookLanes({ cursor: work.cursor, ...deps.limits });
  }

  async run(): Promise<void> {
    if (this.#webhook.state !== 'active') this.#end();
    try {
      for (;;) {
        const settled = new Promise<void>((resolve) => (this.#settled = resolve));
        if (this.#deps.stopping.aborted) this.#end();
        if (this.#writeDue() && !(await this.#write(false))) return;
        if (!this.#ending) await this.#fill();
        this.#beginSome();
        const idle = this.#underWay.size === 0 && !this.#lanes.changed && this.#records.length === 0;
        if (idle && (this.#ending || this.#lanes.empty)) break;
        if (!idle || !this.#lanes.empty) await this.#untilSettled(settled);
      }
      await this.#write(true);
    } finally {
      this.#deps.permits.forget(this.#begin);
      this.#abort.abort();
    }
  }

  /** What is under way is finished and written, then the session is over. */
  #end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#lanes.stop();
  }

  async #untilSettled(settled: Promise<void>): Promise<void> {
    if (this.#lanes.changed || this.#records.length > 0) return;
    const { heartbeatMs, stragglerMs } = this.#deps.limits;
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(heartbeatMs, stragglerMs));
    });
    const stop = (): void => this.#settled();
    this.#deps.stopping.addEventListener('abort', stop, { once: true });
    await Promise.race([settled, pause]);
    clearTimeout(timer);
    this.#deps.stopping.removeEventListener('abort', stop);
  }

  #writeDue(): boolean {
    const { heartbeatMs, stragglerMs } = this.#deps.limits;
    const slow = performance.now() - stragglerMs;
    const stragglers = [...this.#underWay].filter(([, since]) => since <= slow);
    this.#lanes.spill(stragglers.map(([delivery]) => delivery.row.key));
    return (
      this.#lanes.changed || this.#records.length > 0 || performance.now() - this.#writtenAt >= heartbeatMs
    );
  }

  /** @returns whether the webhook is still ours */
  async #write(release: boolean): Promise<boolean> {
    const [records, recovered, disable] = [this.#records, this.#recovered, this.#disable];
    [this.#records, this.#recovered, this.#disable] = [[], false, undefined];
    this.#writtenAt = performance.now();
    const answer = await this.#deps.queue.write(this.#claim, {
      changes: this.#lanes.take(),
      records,
      breaker: this.#breaker,
      generation: this.#generation,
      recovered,
      disable,
      release,
      at: this.#deps.now(),
    });
    this.#lanes.written();
    if (answer === 'lost') return false;
    if (disable && this.#webhook.state === 'active') this.#deps.onDisabled(answer.webhook, disable);
    this.#webhook = answer.webhook;
    if (answer.webhook.state !== 'active' || answer.generation !== this.#generation) this.#end();
    return true;
  }

  async #fill(): Promise<void> {
    const { itemsMax, laneMax } = this.#deps.limits;
    const at = this.#deps.now();
    const allows = breakerAllows(this.#breaker, at);
    if (allows === 'none') return this.#end();
    const probe = allows === 'one';
    if (probe ? !this.#lanes.empty : this.#lanes.room < itemsMax / 2) return;
    const filled = await this.#deps.queue.fill(this.#claim, {
      at,
      after: this.#lanes.readTo,
      topics: this.#webhook.topics,
      limit: probe ? 1 : this.#lanes.room,
      laneMax: probe ? 1 : laneMax,
      keysInHand: this.#lanes.keysInHand(),
      probe,
    });
    for (const gone of filled.expired) {
      this.#lanes.expired(gone);
      this.#records.push({
        ...{ position: gone.position, eventId: gone.eventId, key: gone.key, attempt: gone.attempts },
        ...{ topic: '', type: '', outcome: 'expired', reason: 'not-held-any-more', at },
        ...{ httpStatus: undefined, latencyMs: undefined },
      });
    }
    // Nothing is left to try it with: the next event will tell.
    if (probe && filled.waiting.length + filled.rows.length === 0) this.#breaker = closedBreaker;
    this.#lanes.addWaiting(filled.waiting);
    this.#lanes.addRead(filled.rows, filled.readTo);
    if (this.#ending) this.#lanes.stop();
  }

  #beginSome(): void {
    const { permits, limits, now } = this.#deps;
    for (;;) {
      const allows = breakerAllows(this.#breaker, now());
      const most = allows === 'all' ? limits.concurrencyMax : allows === 'one' ? 1 : 0;
      if (this.#ending || this.#underWay.size >= most || !this.#lanes.ready) return;
      if (!permits.tryTake()) return permits.whenFree(this.#begin);
      const delivery = this.#lanes.next();
      if (!delivery) return permits.give();
      this.#underWay.set(delivery, performance.now());
      void this.#deliver(delivery);
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const started = performance.now();
    let answer: DeliveryAnswer;
    try {
      answer = await this.#send(delivery);
    } catch (err) {
      this.#deps.logger.error('an event could not be made ready for a webhook', {
        subscription_id: this.#webhook.id,
        event_id: delivery.row.eventId,
        err,
      });
      answer = { kind: 'no-answer', reason: 'internal' };
    }
    const latencyMs = Math.round(performance.now() - started);
    this.#underWay.delete(delivery);
    this.#deps.permits.give();
    // The lease is another's by now: what it does counts, not this.
    if (this.#abort.signal.aborted) return;
    // Nobody knows whether it arrived. It was written down as waiting when the end began.
    if (answer.kind === 'no-answer' && answer.reason === 'aborted') return this.#settled();
    this.#settle(delivery, answer, latencyMs);
    this.#beginSome();
    this.#settled();
  }

  #send({ row, attempts }: Delivery): Promise<DeliveryAnswer> {
    const webhook = this.#webhook;
    const attributes = { 'webhook.subscription': webhook.id, 'webhook.attempt': attempts + 1 };
    const body = JSON.stringify(egressEventOf(row, webhook, this.#deps.cipher));
    const headers = this.#deps.sign(webhook, { id: row.eventId, at: this.#deps.now(), body });
    const request = { url: webhook.url, headers, body, signal: this.#brokenOff };
    return withSpan('webhook.deliver', attributes, () => this.#deps.sender.send(request), {
      traceparent: row.traceparent,
    });
  }

  #settle(delivery: Delivery, answer: DeliveryAnswer, latencyMs: number): void {
    const { row, attempts } = delivery;
    const now = this.#deps.now();
    const random = this.#deps.random();
    const verdict = judgeDelivery(answer, now);
    const wasOpen = this.#breaker.resumeAt !== undefined;
    this.#breaker = afterAttempt(this.#breaker, { key: row.key, verdict, now, random });
    if (wasOpen && !this.#breaker.resumeAt) this.#recovered = true;
    this.#records.push({
      ...{ position: row.position, eventId: row.eventId, topic: row.topic, type: row.type, key: row.key },
      attempt: attempts + 1,
      outcome: verdict.kind,
      httpStatus: answer.kind === 'answer' ? answer.status : undefined,
      latencyMs,
      reason: verdict.kind === 'failed' ? verdict.reason : undefined,
      at: now,
    });
    attemptsMade.add(1, { outcome: verdict.kind });
    if (verdict.kind === 'delivered') {
      delay.record(Math.max(now.getTime() - row.recordedAt.getTime(), 0) / 1000);
      this.#lanes.delivered(row);
    } else this.#failed(delivery, verdict, now, random);
    if (this.#disable || breakerAllows(this.#breaker, now) === 'none') this.#end();
  }

  #failed(delivery: Delivery, verdict: Verdict & { kind: 'failed' }, now: Date, random: number): void {
    const attempts = delivery.attempts + 1;
    const firstFailedAt = delivery.firstFailedAt ?? now;
    const next = nextAttemptAt({ attempts, firstFailedAt, now, random, retryAfterMs: verdict.retryAfterMs });
    const { reason } = verdict;
    this.#lanes.failed(delivery.row, { attempts, firstFailedAt, nextAttemptAt: next ?? now, reason });
    if (verdict.gone) this.#disable = 'gone';
    else if (!next || failedForTooLong(this.#breaker.failingSince, now)) this.#disable ??= 'failing';
  }
}
