import type { Logger } from '@wardline/observability';
import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { IntegratorRefused, type IntegratorAccess, type IntegratorWish } from '../app/integrator-access.ts';
import type { IntegratorSubscription } from '../domain/integrator-subscription.ts';
import { TenantTopicsUnavailable, type TenantTopicGrant } from '../ports/tenant-topic-cluster.ts';
import { Problem } from './problem.ts';
import { sessionOf } from './session-routes.ts';

/** JSON of one integrator's access. Instants are ISO 8601 in UTC. */
export interface IntegratorView {
  readonly id: string;
  readonly kind: 'stream' | 'kafka';
  readonly name: string;
  readonly topics: readonly string[];
  readonly personal: boolean;
  readonly state: 'active' | 'paused' | 'disabled';
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Of a stream: when it was last connected. */
  readonly lastUsedAt: string | null;
}

/** How to read the hospital's topic. Only in the answers that make or rotate it; `password` is never shown again. */
export interface KafkaCredentialsView {
  readonly brokers: readonly string[];
  readonly securityProtocol: 'SASL_SSL' | 'SASL_PLAINTEXT';
  readonly mechanism: 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
  readonly topic: string;
  /** Names of consumer groups have to begin so. */
  readonly groupPrefix: string;
}

const wish = z.strictObject({
  name: z.string().trim().min(1).max(100),
  topics: z.array(z.string().max(100)).min(1).max(50).optional(),
  personal: z.boolean().default(false),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .nullish(),
});

function viewOf(subscription: IntegratorSubscription): IntegratorView {
  const { id, kind, name, topics, personal, state, createdAt, expiresAt, lastUsedAt } = subscription;
  return {
    ...{ id, kind, name, topics, personal, state },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

const refusals: Record<IntegratorRefused['code'], number> = {
  'topic-not-offered': 422,
  'topics-are-all': 422,
  'expired-already': 422,
  'too-many-subscriptions': 409,
};

/** Errors of the app and of the cluster, told as problems; what the cluster itself said goes to the log. */
const telling =
  (logger: Logger) =>
  (handle: RequestHandler): RequestHandler =>
  async (req, res, next) => {
    try {
      await handle(req, res, next);
    } catch (error) {
      if (error instanceof IntegratorRefused)
        throw new Problem(refusals[error.code], error.code, error.message, { ...error.details });
      if (!(error instanceof TenantTopicsUnavailable)) throw error;
      if (error.cause !== undefined)
        logger.warn('access of an integrator to Kafka could not be changed', { err: error });
      throw new Problem(error.code === 'kafka-away' ? 503 : 501, error.code, error.message);
    }
  };

const missing = () => new Problem(404, 'not-found', 'There is no such integration.');

/**
 * Staff let integrators in and out, each for their own hospital:
 * `/integrations/streams` (bearer tokens of the event stream) and `/integrations/kafka` (users of the hospital's topic).
 */
export function integratorRoutes(o: {
  access: IntegratorAccess;
  /** Topics that integrators may have. */
  offered: readonly string[];
  /** What integrators connect to, or why there is nothing to connect to. */
  kafka: Pick<KafkaCredentialsView, 'brokers' | 'securityProtocol'> | TenantTopicsUnavailable;
  logger: Logger;
}): Router {
  const { access, offered, kafka } = o;
  const router = Router();
  const told = telling(o.logger);
  const tenantOf = (req: Parameters<RequestHandler>[0]) => sessionOf(req).tenantId;
  /** Who has let whom in or out is told to the log; never a secret. */
  const audit = (
    req: Parameters<RequestHandler>[0],
    action: 'opened' | 'rotated' | 'revoked',
    of: { readonly kind: string; readonly id: string; readonly personal?: boolean },
  ) => {
    const { userId, tenantId } = sessionOf(req);
    const { kind, id, personal } = of;
    o.logger.info('audit: integrator access', {
      ...{ audit: true, action, kind, personal },
      ...{ subscription_id: id, user_id: userId, tenant_id: tenantId },
    });
  };
  const idOf = (req: Parameters<RequestHandler>[0]) => z.uuid().parse(req.params['id']);
  const wishOf = (req: Parameters<RequestHandler>[0]): IntegratorWish => {
    const asked = wish.parse(req.body);
    return {
      ...asked,
      topics: asked.topics ?? offered,
      expiresAt: asked.expiresAt ?? null,
      createdBy: sessionOf(req).userId,
    };
  };

  router.get('/integrations/streams', async (req, res) => {
    const found = await access.list(tenantOf(req), 'stream');
    res.json({ items: found.map(viewOf), offeredTopics: offered });
  });
  router.post(
    '/integrations/streams',
    told(async (req, res) => {
      const { subscription, token } = await access.openStream(tenantOf(req), wishOf(req));
      audit(req, 'opened', subscription);
      res.status(201).json({ ...viewOf(subscription), token });
    }),
  );
  router.post('/integrations/streams/:id/rotate', async (req, res) => {
    const rotated = await access.rotateStream(tenantOf(req), idOf(req));
    if (!rotated) throw missing();
    audit(req, 'rotated', rotated.subscription);
    res.json({ ...viewOf(rotated.subscription), token: rotated.token });
  });
  router.delete('/integrations/streams/:id', async (req, res) => {
    const id = idOf(req);
    if (!(await access.revokeStream(tenantOf(req), id))) throw missing();
    audit(req, 'revoked', { kind: 'stream', id });
    res.status(204).end();
  });

  const withKafka = () => {
    if (kafka instanceof TenantTopicsUnavailable) throw kafka;
    return (grant: TenantTopicGrant): KafkaCredentialsView => ({
      brokers: kafka.brokers,
      securityProtocol: kafka.securityProtocol,
      mechanism: 'SCRAM-SHA-512',
      ...grant,
    });
  };
  router.get('/integrations/kafka', async (req, res) => {
    const found = await access.list(tenantOf(req), 'kafka');
    const available =
      kafka instanceof TenantTopicsUnavailable
        ? { available: false, reason: { code: kafka.code, detail: kafka.message } }
        : { available: true, reason: null };
    res.json({ ...available, items: found.map(viewOf), offeredTopics: offered });
  });
  router.post(
    '/integrations/kafka',
    told(async (req, res) => {
      const credentials = withKafka();
      const { subscription, grant } = await access.openKafka(tenantOf(req), wishOf(req));
      audit(req, 'opened', subscription);
      res.status(201).json({ ...viewOf(subscription), credentials: credentials(grant) });
    }),
  );
  router.post(
    '/integrations/kafka/:id/rotate',
    told(async (req, res) => {
      const credentials = withKafka();
      const rotated = await access.rotateKafka(tenantOf(req), idOf(req));
      if (!rotated) throw missing();
      audit(req, 'rotated', rotated.subscription);
      res.json({ ...viewOf(rotated.subscription), credentials: credentials(rotated.grant) });
    }),
  );
  router.delete(
    '/integrations/kafka/:id',
    told(async (req, res) => {
      withKafka();
      const id = idOf(req);
      if (!(await access.endKafka(tenantOf(req), id))) throw missing();
      audit(req, 'revoked', { kind: 'kafka', id });
      res.status(204).end();
    }),
  );
  return router;
}
