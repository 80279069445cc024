import type { Logger } from '@wardline/observability';
import { z } from 'zod';
import { IntegratorRefused, type IntegratorAccess, type IntegratorWish } from '../app/integrator-access.ts';
import type { IntegratorSubscription } from '../domain/integrator-subscription.ts';
import type { Principal } from '../domain/permissions.ts';
import { TenantTopicsUnavailable, type TenantTopicGrant } from '../ports/tenant-topic-cluster.ts';
import { auditedChanges, endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, idParams, instant, instantIn, instantOrNull } from './kernel/fields.ts';
import { Problem } from './problem.ts';

/** JSON of one integrator's access. */
const accessFields = {
  id,
  kind: z.enum(['stream', 'kafka']),
  name: z.string(),
  topics: z.array(z.string()),
  personal: z.boolean(),
  state: z.enum(['active', 'paused', 'disabled']),
  createdAt: instant,
  expiresAt: instantOrNull,
  lastUsedAt: instantOrNull.describe('Of a stream: when it was last connected.'),
};
const accessSchema = z.strictObject(accessFields).meta({ id: 'IntegratorAccess' });
const tokenSchema = z.strictObject({
  ...accessFields,
  token: z.string().describe('`wl_…`, shown this once.'),
});

/** How to read the hospital's topic. Only in the answers that make or rotate it; `password` is never shown again. */
const credentialsSchema = z
  .strictObject({
    brokers: z.array(z.string()),
    securityProtocol: z.enum(['SASL_SSL', 'SASL_PLAINTEXT']),
    mechanism: z.literal('SCRAM-SHA-512'),
    username: z.string(),
    password: z.string(),
    topic: z.string(),
    groupPrefix: z.string().describe('Names of consumer groups have to begin so.'),
  })
  .meta({ id: 'KafkaCredentials' });
const kafkaSchema = z.strictObject({ ...accessFields, credentials: credentialsSchema });
type KafkaCredentials = z.input<typeof credentialsSchema>;

const wish = z.strictObject({
  name: z.string().trim().min(1).max(100),
  topics: z.array(z.string().max(100)).min(1).max(50).optional(),
  personal: z.boolean().default(false),
  expiresAt: instantIn.nullish(),
});

function viewOf(subscription: IntegratorSubscription): z.input<typeof accessSchema> {
  const { id: own, kind, name, topics, personal, state, createdAt, expiresAt, lastUsedAt } = subscription;
  return {
    ...{ id: own, kind, name, topics: [...topics], personal, state },
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
async function told<T>(logger: Logger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IntegratorRefused)
      throw new Problem(refusals[error.code], error.code, error.message, { ...error.details });
    if (!(error instanceof TenantTopicsUnavailable)) throw error;
    if (error.cause !== undefined)
      logger.warn('access of an integrator to Kafka could not be changed', { err: error });
    throw new Problem(error.code === 'kafka-away' ? 503 : 501, error.code, error.message);
  }
}

const missing = () => new Problem(404, 'not-found', 'There is no such integration.');
const offeredTopics = z.array(z.string()).describe('What integrators may have.');
const next = z.null();
const access501 = { 501: 'What has to be configured: `kafka-not-configured`, `kafka-without-sasl`, …' };

interface Options {
  readonly access: IntegratorAccess;
  /** Topics that integrators may have. */
  readonly offered: readonly string[];
  /** What integrators connect to, or why there is nothing to connect to. */
  readonly kafka:
    | { readonly brokers: readonly string[]; readonly securityProtocol: KafkaCredentials['securityProtocol'] }
    | TenantTopicsUnavailable;
  readonly logger: Logger;
}

/**
 * Staff let integrators in and out, each for their own hospital:
 * `/integrations/streams` (bearer tokens of the event stream) and `/integrations/kafka` (users of the hospital's topic).
 */
export function integratorEndpoints(o: Options): Endpoint[] {
  return [
    ...auditedChanges('stream-access', streamAccess(o)),
    ...auditedChanges('kafka-access', kafkaAccess(o)),
  ];
}

/** Who has let whom in or out is told to the log; never a secret. */
function audit(
  o: Options,
  { userId, tenantId }: Principal,
  action: 'opened' | 'rotated' | 'revoked',
  of: { readonly kind: string; readonly id: string; readonly personal?: boolean },
): void {
  const { kind, personal } = of;
  o.logger.info('audit: integrator access', {
    ...{ audit: true, action, kind, personal },
    ...{ subscription_id: of.id, user_id: userId, tenant_id: tenantId },
  });
}

function wishOf(o: Options, principal: Principal, asked: z.output<typeof wish>): IntegratorWish {
  return {
    ...asked,
    topics: asked.topics ?? o.offered,
    expiresAt: asked.expiresAt ?? null,
    createdBy: principal.userId,
  };
}

function streamAccess(o: Options): Endpoint[] {
  const { access, logger } = o;
  return [
    endpoint({
      id: 'listStreamAccess',
      method: 'get',
      path: '/integrations/streams',
      summary: 'Who may read the event stream',
      access: 'integrations:manage',
      responses: { 200: z.strictObject({ items: z.array(accessSchema), next, offeredTopics }) },
      handler: async ({ principal }) => {
        const found = await access.list(principal.tenantId, 'stream');
        return {
          status: 200,
          body: { items: found.map(viewOf), next: null, offeredTopics: [...o.offered] },
        };
      },
    }),
    endpoint({
      id: 'openStreamAccess',
      method: 'post',
      path: '/integrations/streams',
      summary: 'Lets an integrator read the event stream',
      access: 'integrations:manage',
      body: wish,
      responses: { 201: tokenSchema },
      handler: ({ principal, body }) =>
        told(logger, async () => {
          const { subscription, token } = await access.openStream(
            principal.tenantId,
            wishOf(o, principal, body),
          );
          audit(o, principal, 'opened', subscription);
          return { status: 201 as const, body: { ...viewOf(subscription), token } };
        }),
    }),
    endpoint({
      id: 'rotateStreamAccess',
      method: 'post',
      path: '/integrations/streams/{id}/rotate',
      summary: 'A new token; the old one is worth nothing from now on',
      access: 'integrations:manage',
      params: idParams,
      responses: { 200: tokenSchema },
      handler: async ({ principal, params }) => {
        const rotated = await access.rotateStream(principal.tenantId, params.id);
        if (!rotated) throw missing();
        audit(o, principal, 'rotated', rotated.subscription);
        return { status: 200, body: { ...viewOf(rotated.subscription), token: rotated.token } };
      },
    }),
    endpoint({
      id: 'revokeStreamAccess',
      method: 'delete',
      path: '/integrations/streams/{id}',
      summary: 'Takes the access back; open streams end',
      access: 'integrations:manage',
      params: idParams,
      responses: { 204: null },
      handler: async ({ principal, params }) => {
        if (!(await access.revokeStream(principal.tenantId, params.id))) throw missing();
        audit(o, principal, 'revoked', { kind: 'stream', id: params.id });
        return { status: 204 };
      },
    }),
  ];
}

function kafkaAccess(o: Options): Endpoint[] {
  const { access, kafka, logger } = o;
  const withKafka = () => {
    if (kafka instanceof TenantTopicsUnavailable) throw kafka;
    return (grant: TenantTopicGrant): KafkaCredentials => ({
      brokers: [...kafka.brokers],
      securityProtocol: kafka.securityProtocol,
      mechanism: 'SCRAM-SHA-512',
      ...grant,
    });
  };
  return [
    endpoint({
      id: 'listKafkaAccess',
      method: 'get',
      path: '/integrations/kafka',
      summary: "Who may read the hospital's Kafka topic",
      access: 'integrations:manage',
      responses: {
        200: z.strictObject({
          available: z.boolean(),
          reason: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
          ...{ items: z.array(accessSchema), next, offeredTopics },
        }),
      },
      handler: async ({ principal }) => {
        const found = await access.list(principal.tenantId, 'kafka');
        const available =
          kafka instanceof TenantTopicsUnavailable
            ? { available: false, reason: { code: kafka.code, detail: kafka.message } }
            : { available: true, reason: null };
        return {
          status: 200,
          body: { ...available, items: found.map(viewOf), next: null, offeredTopics: [...o.offered] },
        };
      },
    }),
    endpoint({
      id: 'openKafkaAccess',
      method: 'post',
      path: '/integrations/kafka',
      summary: "Lets an integrator read the hospital's Kafka topic",
      access: 'integrations:manage',
      body: wish,
      responses: { 201: kafkaSchema },
      problems: access501,
      handler: ({ principal, body }) =>
        told(logger, async () => {
          const credentials = withKafka();
          const { subscription, grant } = await access.openKafka(
            principal.tenantId,
            wishOf(o, principal, body),
          );
          audit(o, principal, 'opened', subscription);
          return {
            status: 201 as const,
            body: { ...viewOf(subscription), credentials: credentials(grant) },
          };
        }),
    }),
    endpoint({
      id: 'rotateKafkaAccess',
      method: 'post',
      path: '/integrations/kafka/{id}/rotate',
      summary: 'A new user; the old one is gone',
      access: 'integrations:manage',
      params: idParams,
      responses: { 200: kafkaSchema },
      problems: access501,
      handler: ({ principal, params }) =>
        told(logger, async () => {
          const credentials = withKafka();
          const rotated = await access.rotateKafka(principal.tenantId, params.id);
          if (!rotated) throw missing();
          audit(o, principal, 'rotated', rotated.subscription);
          return {
            status: 200 as const,
            body: { ...viewOf(rotated.subscription), credentials: credentials(rotated.grant) },
          };
        }),
    }),
    endpoint({
      id: 'revokeKafkaAccess',
      method: 'delete',
      path: '/integrations/kafka/{id}',
      summary: 'Takes the access back, then the user',
      access: 'integrations:manage',
      params: idParams,
      responses: { 204: null },
      problems: access501,
      handler: ({ principal, params }) =>
        told(logger, async () => {
          withKafka();
          if (!(await access.endKafka(principal.tenantId, params.id))) throw missing();
          audit(o, principal, 'revoked', { kind: 'kafka', id: params.id });
          return { status: 204 as const };
        }),
    }),
  ];
}
