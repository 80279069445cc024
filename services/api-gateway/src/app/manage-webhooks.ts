import { uuidv7 } from '@wardline/event-bus';
import { newTraceparent } from '@wardline/observability';
import { egressSource, type EgressEvent } from '../domain/egress-event.ts';
import { judgeDelivery } from '../domain/webhook-schedule.ts';
import type { TargetProblem, WebhookSender, WebhookTargets } from '../ports/webhook-sender.ts';
import type { Webhook, WebhookStore } from '../ports/webhook-store.ts';
import { newWebhookSecret, rotationMs, type SecretCipher, type WebhookSigner } from './webhook-signature.ts';

/** Of one hospital. */
export const webhooksMax = 20;

export type WebhookRefusal =
  TargetProblem | { readonly code: 'topic-not-offered' | 'too-many-webhooks'; readonly detail: string };

/** Something about the wish itself that will not do. */
export class WebhookRefused extends Error {
  readonly code: WebhookRefusal['code'];

  constructor(refusal: WebhookRefusal) {
    super(refusal.detail);
    this.code = refusal.code;
  }
}

export interface TestOutcome {
  readonly delivered: boolean;
  readonly httpStatus: number | undefined;
  readonly latencyMs: number;
  readonly reason: string | undefined;
}

/** What staff do with their hospital's webhooks. Absent answers mean that there is no such webhook. */
export function createWebhookDesk(o: {
  store: WebhookStore;
  targets: WebhookTargets;
  sender: WebhookSender;
  sign: WebhookSigner;
  cipher: SecretCipher;
  offered: readonly string[];
  /** Something may have become due. */
  wake: () => void;
  now?: () => Date;
}) {
  const now = o.now ?? (() => new Date());

  async function assertWish(wish: { url?: string | undefined; topics?: readonly string[] | undefined }) {
    const strange = wish.topics?.find((topic) => !o.offered.includes(topic));
    if (strange !== undefined)
      throw new WebhookRefused({
        code: 'topic-not-offered',
        detail: `Offered are ${o.offered.join(', ')}.`,
      });
    const problem = wish.url === undefined ? undefined : await o.targets.checkResolved(wish.url);
    if (problem) throw new WebhookRefused(problem);
  }
  const afterwards = async (tenantId: string, id: string, done: boolean): Promise<Webhook | undefined> => {
    if (done) o.wake();
    return done ? o.store.find(tenantId, id) : undefined;
  };

  return {
    store: o.store,

    async create(
      tenantId: string,
      wish: { name: string; url: string; topics: readonly string[]; personal: boolean; createdBy: string },
    ): Promise<{ webhook: Webhook; secret: string }> {
      await assertWish(wish);
      const { secret, sealed } = newWebhookSecret(o.cipher, tenantId);
      const id = uuidv7();
      const added = await o.store.create(
        tenantId,
        { ...wish, id, secretSealed: sealed, at: now() },
        webhooksMax,
      );
      if (!added)
        throw new WebhookRefused({
          code: 'too-many-webhooks',
          detail: `A hospital has at most ${webhooksMax} webhooks.`,
        });
      const webhook = await o.store.find(tenantId, id);
      if (!webhook) throw new Error('a webhook was gone as soon as it was made');
      return { webhook, secret };
    },

    async change(
      tenantId: string,
      id: string,
      change: Parameters<WebhookStore['change']>[2],
    ): Promise<Webhook | undefined> {
      await assertWish(change);
      return afterwards(tenantId, id, await o.store.change(tenantId, id, change, now()));
    },

    async rotate(tenantId: string, id: string): Promise<{ secret: string; previousUntil: Date } | undefined> {
      const { secret, sealed } = newWebhookSecret(o.cipher, tenantId);
      const previousUntil = new Date(now().getTime() + rotationMs);
      return (await o.store.rotate(tenantId, id, sealed, previousUntil))
        ? { secret, previousUntil }
        : undefined;
    },

    pause: async (tenantId: string, id: string) =>
      afterwards(tenantId, id, await o.store.pause(tenantId, id, now())),

    resume: async (tenantId: string, id: string) =>
      afterwards(tenantId, id, await o.store.resume(tenantId, id, now())),

    /** Sends an event that happened nowhere, once, and says how it went; also to a webhook that is not active. */
    async test(tenantId: string, id: string): Promise<TestOutcome | undefined> {
      const settings = await o.store.settings(tenantId, id);
      if (!settings) return undefined;
      const at = now();
      const event = testEvent(tenantId, id, at);
      const body = JSON.stringify(event);
      const headers = o.sign(settings, { id: event.id, at, body });
      const started = performance.now();
      const answer = await o.sender.send({ url: settings.url, headers, body });
      const latencyMs = Math.round(performance.now() - started);
      const verdict = judgeDelivery(answer, now());
      const outcome = {
        httpStatus: answer.kind === 'answer' ? answer.status : undefined,
        latencyMs,
        reason: verdict.kind === 'failed' ? verdict.reason : undefined,
      };
      await o.store.record(tenantId, id, {
        ...{ position: undefined, eventId: event.id, topic: event.topic, type: event.type },
        ...{ key: event.partitionkey, attempt: 1, outcome: verdict.kind, at },
        ...outcome,
      });
      return { delivered: verdict.kind === 'delivered', ...outcome };
    },

    async replayOne(tenantId: string, id: string, eventId: string) {
      const outcome = await o.store.replayOne(tenantId, id, eventId, now());
      if (outcome === 'ok') o.wake();
      return outcome;
    },

    async replayFrom(tenantId: string, id: string, from: { position: bigint } | { time: Date }) {
      const first = await o.store.replayFrom(tenantId, id, from, now());
      if (first !== 'ahead') o.wake();
      return first;
    },

    async skip(tenantId: string, id: string, eventId: string): Promise<boolean> {
      const done = await o.store.skip(tenantId, id, eventId, now());
      if (done) o.wake();
      return done;
    },
  };
}

export type WebhookDesk = ReturnType<typeof createWebhookDesk>;

const testEvent = (tenantId: string, id: string, at: Date): EgressEvent => ({
  specversion: '1.0',
  id: uuidv7(),
  source: egressSource,
  type: 'wardline.webhook.test',
  subject: `webhooks/${id}`,
  time: at.toISOString(),
  datacontenttype: 'application/json',
  data: { webhookId: id },
  tenantid: tenantId,
  topic: 'webhook.test',
  partitionkey: id,
  sequence: '1',
  traceparent: newTraceparent(),
});
