import type { Logger } from '@wardline/observability';
import { Router, type Request, type RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { WebhookRefused, type WebhookDesk } from '../app/manage-webhooks.ts';
import { Problem } from './problem.ts';
import { sessionOf } from './session-routes.ts';
import { recordView, waitingView, webhookView } from './webhook-views.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
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
  .strictObject({ eventId: z.uuid(), position: z.number().int().min(1), from: instant })
  .partial()
  .refine((given) => Object.keys(given).length === 1, 'exactly one of eventId, position, from');
const limit = z.coerce.number().int().min(1).max(200).default(50);
const deliveriesQuery = z.object({
  outcome: z.enum(['delivered', 'failed', 'skipped', 'expired']).optional(),
  eventId: z.uuid().optional(),
  topic: z.string().max(100).optional(),
  key: z.string().max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: z.uuid().optional(),
  limit,
});

type AuditedAction =
  'opened' | 'changed' | 'rotated' | 'revoked' | 'paused' | 'resumed' | 'skipped' | 'replayed';

const missing = () => new Problem(404, 'not-found', 'There is no such webhook.');
const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw missing();
  return value;
};
const tenantOf = (req: Request) => sessionOf(req).tenantId;
const idOf = (req: Request) => z.uuid().parse(req.params['id']);

const told =
  (handle: RequestHandler): RequestHandler =>
  async (req, res, next) => {
    try {
      await handle(req, res, next);
    } catch (error) {
      if (error instanceof WebhookRefused)
        throw new Problem(error.code === 'too-many-webhooks' ? 409 : 422, error.code, error.message);
      throw error;
    }
  };

/** Staff manage the webhooks of their own hospital: `/integrations/webhooks`. */
export function webhookRoutes(o: { desk: WebhookDesk; offered: readonly string[]; logger: Logger }): Router {
  const { desk } = o;
  const { store } = desk;
  const router = Router();
  /** Who has let whom in or out, or decided about what is sent, is told to the log; never a secret. */
  const audit = (req: Request, action: AuditedAction, id: string, more: { personal?: boolean } = {}) => {
    const { userId, tenantId } = sessionOf(req);
    o.logger.info('audit: integrator access', {
      ...{ audit: true, action, kind: 'webhook', ...more },
      ...{ subscription_id: id, user_id: userId, tenant_id: tenantId },
    });
  };
  // A test goes to somebody else's server: enough for a person who tries, too little to trouble anybody with.
  const tests = new RateLimiterMemory({ points: 20, duration: 60 });

  router.get('/integrations/webhooks', async (req, res) => {
    const items = await store.list(tenantOf(req));
    res.json({ items: items.map(webhookView), offeredTopics: o.offered });
  });
  router.post(
    '/integrations/webhooks',
    told(async (req, res) => {
      const asked = wish.parse(req.body);
      const { webhook, secret } = await desk.create(tenantOf(req), {
        ...asked,
        topics: asked.topics ?? o.offered,
        createdBy: sessionOf(req).userId,
      });
      audit(req, 'opened', webhook.id, { personal: webhook.personal });
      res.status(201).json({ ...webhookView(webhook), secret });
    }),
  );

  const one = '/integrations/webhooks/:id';
  router.get(one, async (req, res) => {
    res.json(webhookView(found(await store.find(tenantOf(req), idOf(req)))));
  });
  router.patch(
    one,
    told(async (req, res) => {
      const changed = found(await desk.change(tenantOf(req), idOf(req), change.parse(req.body)));
      audit(req, 'changed', changed.id, { personal: changed.personal });
      res.json(webhookView(changed));
    }),
  );
  router.delete(one, async (req, res) => {
    const id = idOf(req);
    if (!(await store.remove(tenantOf(req), id))) throw missing();
    audit(req, 'revoked', id);
    res.status(204).end();
  });
  router.post(`${one}/rotate-secret`, async (req, res) => {
    const id = idOf(req);
    const { secret, previousUntil } = found(await desk.rotate(tenantOf(req), id));
    audit(req, 'rotated', id);
    res.json({ secret, previousSecretValidUntil: previousUntil.toISOString() });
  });
  router.post(`${one}/pause`, async (req, res) => {
    const webhook = found(await desk.pause(tenantOf(req), idOf(req)));
    audit(req, 'paused', webhook.id);
    res.json(webhookView(webhook));
  });
  router.post(`${one}/resume`, async (req, res) => {
    const webhook = found(await desk.resume(tenantOf(req), idOf(req)));
    audit(req, 'resumed', webhook.id);
    res.json(webhookView(webhook));
  });
  router.post(`${one}/test`, async (req, res) => {
    try {
      await tests.consume(tenantOf(req));
    } catch {
      // The limiter rejects with its counters, not with an error: there is nothing to hand on.
      throw new Problem(429, 'too-many-requests', 'Too many tests; please wait a minute.');
    }
    const { delivered, httpStatus, latencyMs, reason } = found(await desk.test(tenantOf(req), idOf(req)));
    res.json({ delivered, httpStatus: httpStatus ?? null, latencyMs, reason: reason ?? null });
  });

  router.get(`${one}/deliveries`, async (req, res) => {
    const { cursor, ...filter } = deliveriesQuery.parse(req.query);
    const id = idOf(req);
    found(await store.settings(tenantOf(req), id));
    const records = await store.deliveries(tenantOf(req), id, { ...filter, before: cursor });
    const last = records.length === filter.limit ? records.at(-1) : undefined;
    res.json({ items: records.map(recordView), nextCursor: last?.id ?? null });
  });
  router.get(`${one}/waiting`, async (req, res) => {
    const { limit: most } = z.object({ limit }).parse(req.query);
    const id = idOf(req);
    found(await store.settings(tenantOf(req), id));
    res.json({ items: (await store.waiting(tenantOf(req), id, most)).map(waitingView) });
  });
  router.delete(`${one}/waiting/:eventId`, async (req, res) => {
    const eventId = z.uuid().parse(req.params['eventId']);
    const id = idOf(req);
    if (!(await desk.skip(tenantOf(req), id, eventId)))
      throw new Problem(404, 'not-found', 'That event does not wait here.');
    audit(req, 'skipped', id);
    res.status(204).end();
  });
  router.post(`${one}/replay`, async (req, res) => {
    const asked = replay.parse(req.body);
    const [tenantId, id] = [tenantOf(req), idOf(req)];
    found(await store.settings(tenantId, id));
    if (asked.eventId !== undefined) {
      const outcome = await desk.replayOne(tenantId, id, asked.eventId);
      if (outcome === 'unknown')
        throw new Problem(404, 'event-not-held', 'The log does not hold that event; it keeps seven days.');
      if (outcome === 'ahead') throw ahead();
      audit(req, 'replayed', id);
      res.status(202).json({ eventId: asked.eventId });
      return;
    }
    const from =
      asked.position === undefined
        ? { time: asked.from ?? new Date() }
        : { position: BigInt(asked.position) };
    const first = await desk.replayFrom(tenantId, id, from);
    if (first === 'ahead') throw ahead();
    audit(req, 'replayed', id);
    res.status(202).json({ fromPosition: Number(first) });
  });
  return router;
}

const ahead = () =>
  new Problem(409, 'not-delivered-yet', 'This webhook is not that far yet; the event will come by itself.');
