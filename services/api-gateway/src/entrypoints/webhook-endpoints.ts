import type { Logger } from '@wardline/observability';
import { z } from 'zod';
import { WebhookRefused, type WebhookDesk } from '../app/manage-webhooks.ts';
import type { Principal } from '../domain/permissions.ts';
import { auditedChanges, endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, idParams, instant, instantIn, limit, page, pageOf } from './kernel/fields.ts';
import { Problem } from './problem.ts';
import {
  recordSchema,
  recordView,
  waitingSchema,
  waitingView,
  webhookFields,
  webhookSchema,
  webhookView,
} from './webhook-views.ts';

const name = z.string().trim().min(1).max(120);
const url = z.string().trim().min(1).max(2_000);
const topics = z
  .array(z.string().max(100))
  .min(1)
  .max(50)
  .transform((list) => [...new Set(list)]);

const wish = z.strictObject({ name, url, topics: topics.optional(), personal: z.boolean().default(false) });
const change = z
  .strictObject({ name, url, topics, personal: z.boolean() })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'at least one of name, url, topics, personal');
const replay = z
  .strictObject({ eventId: z.uuid(), position: z.number().int().min(1), from: instantIn })
  .partial()
  .refine((given) => Object.keys(given).length === 1, 'exactly one of eventId, position, from');
const deliveriesQuery = z.object({
  outcome: z.enum(['delivered', 'failed', 'skipped', 'expired']).optional(),
  eventId: z.uuid().optional(),
  topic: z.string().max(100).optional(),
  key: z.string().max(200).optional(),
  from: instantIn.optional(),
  to: instantIn.optional(),
  cursor: z.uuid().optional(),
  limit: limit(),
});

type AuditedAction =
  'opened' | 'changed' | 'rotated' | 'revoked' | 'paused' | 'resumed' | 'skipped' | 'replayed';

const missing = () => new Problem(404, 'not-found', 'There is no such webhook.');
const ahead = () =>
  new Problem(409, 'not-delivered-yet', 'This webhook is not that far yet; the event will come by itself.');
const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw missing();
  return value;
};

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WebhookRefused)
      throw new Problem(error.code === 'too-many-webhooks' ? 409 : 422, error.code, error.message);
    throw error;
  }
}

interface Options {
  readonly desk: WebhookDesk;
  readonly offered: readonly string[];
  readonly logger: Logger;
}

/** Who has let whom in or out, or decided about what is sent, is told to the log; never a secret. */
function audit(
  o: Options,
  { userId, tenantId }: Principal,
  action: AuditedAction,
  webhook: { readonly id: string; readonly personal?: boolean },
): void {
  const { personal } = webhook;
  o.logger.info('audit: integrator access', {
    ...{ audit: true, action, kind: 'webhook', ...(personal === undefined ? {} : { personal }) },
    ...{ subscription_id: webhook.id, user_id: userId, tenant_id: tenantId },
  });
}

const list = '/integrations/webhooks';
const one = `${list}/{id}`;

/** Staff manage the webhooks of their own hospital: `/integrations/webhooks`. */
export function webhookEndpoints(o: Options): Endpoint[] {
  return auditedChanges('webhook', [...management(o), ...switches(o), ...deliveries(o)]);
}

function management(o: Options): Endpoint[] {
  const { desk } = o;
  const { store } = desk;
  return [
    endpoint({
      id: 'listWebhooks',
      method: 'get',
      path: list,
      summary: 'Webhooks of the hospital',
      access: 'integrations:manage',
      responses: {
        200: z.strictObject({
          items: z.array(webhookSchema),
          next: z.null(),
          offeredTopics: z.array(z.string()),
        }),
      },
      handler: async ({ principal }) => {
        const items = await store.list(principal.tenantId);
        return {
          status: 200,
          body: { items: items.map(webhookView), next: null, offeredTopics: [...o.offered] },
        };
      },
    }),
    endpoint({
      id: 'createWebhook',
      method: 'post',
      path: list,
      summary: 'A new webhook; begins with the next event',
      access: 'integrations:manage',
      body: wish,
      responses: {
        201: z.strictObject({ ...webhookFields, secret: z.string().describe('`whsec_…`, shown this once.') }),
      },
      handler: ({ principal, body }) =>
        told(async () => {
          const { webhook, secret } = await desk.create(principal.tenantId, {
            ...body,
            topics: body.topics ?? o.offered,
            createdBy: principal.userId,
          });
          audit(o, principal, 'opened', webhook);
          return { status: 201 as const, body: { ...webhookView(webhook), secret } };
        }),
    }),
    endpoint({
      id: 'getWebhook',
      method: 'get',
      path: one,
      summary: 'One webhook',
      access: 'integrations:manage',
      params: idParams,
      responses: { 200: webhookSchema },
      handler: async ({ principal, params }) => {
        const webhook = found(await store.find(principal.tenantId, params.id));
        return { status: 200, body: webhookView(webhook) };
      },
    }),
    endpoint({
      id: 'changeWebhook',
      method: 'patch',
      path: one,
      summary: 'Changes a webhook',
      access: 'integrations:manage',
      params: idParams,
      body: change,
      responses: { 200: webhookSchema },
      handler: ({ principal, params, body }) =>
        told(async () => {
          const changed = found(await desk.change(principal.tenantId, params.id, body));
          audit(o, principal, 'changed', changed);
          return { status: 200 as const, body: webhookView(changed) };
        }),
    }),
    endpoint({
      id: 'deleteWebhook',
      method: 'delete',
      path: one,
      summary: 'Takes a webhook away',
      access: 'integrations:manage',
      params: idParams,
      responses: { 204: null },
      handler: async ({ principal, params }) => {
        if (!(await store.remove(principal.tenantId, params.id))) throw missing();
        audit(o, principal, 'revoked', params);
        return { status: 204 };
      },
    }),
    endpoint({
      id: 'rotateWebhookSecret',
      method: 'post',
      path: `${one}/rotate-secret`,
      summary: 'A new secret; for 24 hours both sign',
      access: 'integrations:manage',
      params: idParams,
      responses: { 200: z.strictObject({ secret: z.string(), previousSecretValidUntil: instant }) },
      handler: async ({ principal, params }) => {
        const { secret, previousUntil } = found(await desk.rotate(principal.tenantId, params.id));
        audit(o, principal, 'rotated', params);
        return { status: 200, body: { secret, previousSecretValidUntil: previousUntil.toISOString() } };
      },
    }),
  ];
}

function switches(o: Options): Endpoint[] {
  const { desk } = o;
  return [
    endpoint({
      id: 'pauseWebhook',
      method: 'post',
      path: `${one}/pause`,
      summary: 'Delivers nothing until it is resumed',
      access: 'integrations:manage',
      params: idParams,
      responses: { 200: webhookSchema },
      handler: async ({ principal, params }) => {
        const webhook = found(await desk.pause(principal.tenantId, params.id));
        audit(o, principal, 'paused', params);
        return { status: 200, body: webhookView(webhook) };
      },
    }),
    endpoint({
      id: 'resumeWebhook',
      method: 'post',
      path: `${one}/resume`,
      summary: 'Goes on where it stopped, as far as the log still holds it',
      access: 'integrations:manage',
      params: idParams,
      responses: { 200: webhookSchema },
      handler: async ({ principal, params }) => {
        const webhook = found(await desk.resume(principal.tenantId, params.id));
        audit(o, principal, 'resumed', params);
        return { status: 200, body: webhookView(webhook) };
      },
    }),
    endpoint({
      id: 'testWebhook',
      method: 'post',
      path: `${one}/test`,
      summary: 'Sends one test event now',
      access: 'integrations:manage',
      // A test goes to somebody else's server: enough for a person who tries, too little to trouble anybody with.
      perMinute: 20,
      params: idParams,
      responses: {
        200: z.strictObject({
          delivered: z.boolean(),
          httpStatus: z.int().nullable(),
          latencyMs: z.number(),
          reason: z.string().nullable(),
        }),
      },
      handler: async ({ principal, params }) => {
        const { delivered, httpStatus, latencyMs, reason } = found(
          await desk.test(principal.tenantId, params.id),
        );
        return {
          status: 200,
          body: { delivered, httpStatus: httpStatus ?? null, latencyMs, reason: reason ?? null },
        };
      },
    }),
  ];
}

function deliveries(o: Options): Endpoint[] {
  const { desk } = o;
  const { store } = desk;
  return [
    endpoint({
      id: 'listWebhookDeliveries',
      method: 'get',
      path: `${one}/deliveries`,
      summary: 'Attempts of the last seven days, newest first',
      access: 'integrations:manage',
      params: idParams,
      query: deliveriesQuery,
      responses: { 200: pageOf(recordSchema) },
      handler: async ({ principal, params, query: { cursor, ...filter } }) => {
        const { tenantId } = principal;
        found(await store.settings(tenantId, params.id));
        const records = await store.deliveries(tenantId, params.id, { ...filter, before: cursor });
        const last = records.length === filter.limit ? records.at(-1) : undefined;
        return { status: 200, body: page(records.map(recordView), last?.id) };
      },
    }),
    endpoint({
      id: 'listWebhookWaiting',
      method: 'get',
      path: `${one}/waiting`,
      summary: 'Events between two attempts, and those behind them',
      access: 'integrations:manage',
      params: idParams,
      query: z.object({ limit: limit() }),
      responses: { 200: pageOf(waitingSchema) },
      handler: async ({ principal, params, query }) => {
        found(await store.settings(principal.tenantId, params.id));
        const waiting = await store.waiting(principal.tenantId, params.id, query.limit);
        return { status: 200, body: page(waiting.map(waitingView)) };
      },
    }),
    endpoint({
      id: 'skipWebhookEvent',
      method: 'delete',
      path: `${one}/waiting/{eventId}`,
      summary: 'Gives up a waiting event; its key goes on',
      access: 'integrations:manage',
      params: z.object({ id, eventId: id }),
      responses: { 204: null },
      handler: async ({ principal, params }) => {
        if (!(await desk.skip(principal.tenantId, params.id, params.eventId)))
          throw new Problem(404, 'not-found', 'That event does not wait here.');
        audit(o, principal, 'skipped', params);
        return { status: 204 };
      },
    }),
    endpoint({
      id: 'replayWebhook',
      method: 'post',
      path: `${one}/replay`,
      summary: 'Delivers again: one event, or everything from a position or an instant on',
      access: 'integrations:manage',
      params: idParams,
      body: replay,
      responses: {
        202: z.union([z.strictObject({ eventId: id }), z.strictObject({ fromPosition: z.number() })]),
      },
      handler: async ({ principal, params, body }) => {
        const { tenantId } = principal;
        found(await store.settings(tenantId, params.id));
        if (body.eventId !== undefined) {
          const outcome = await desk.replayOne(tenantId, params.id, body.eventId);
          if (outcome === 'unknown')
            throw new Problem(
              404,
              'event-not-held',
              'The log does not hold that event; it keeps seven days.',
            );
          if (outcome === 'ahead') throw ahead();
          audit(o, principal, 'replayed', params);
          return { status: 202, body: { eventId: body.eventId } };
        }
        const from =
          body.position === undefined
            ? { time: body.from ?? new Date() }
            : { position: BigInt(body.position) };
        const first = await desk.replayFrom(tenantId, params.id, from);
        if (first === 'ahead') throw ahead();
        audit(o, principal, 'replayed', params);
        return { status: 202, body: { fromPosition: Number(first) } };
      },
    }),
  ];
}
