import type { IntegratorSubscription } from '../../domain/integrator-subscription.ts';
import type { IntegratorStore } from '../../ports/integrator-store.ts';
import type { GatewayDatabase } from './gateway-database.ts';

interface Row {
  id: string;
  tenant_id: string;
  kind: 'stream' | 'kafka';
  name: string;
  topics: string[];
  personal: boolean;
  state: IntegratorSubscription['state'];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  kafka_users?: string[];
}

const columns = `id, tenant_id, kind, name, topics, personal, state, created_at, expires_at, last_used_at, kafka_users`;

const subscriptionOf = (row: Row): IntegratorSubscription => ({
  id: row.id,
  tenantId: row.tenant_id,
  kind: row.kind,
  name: row.name,
  topics: row.topics,
  personal: row.personal,
  state: row.state,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  kafkaUsers: row.kafka_users ?? [],
});

const once = { isolation: 'ReadCommitted' } as const;

/** Integrators' access in Postgres; each call in a transaction of its hospital. */
export function createPostgresIntegratorStore(database: GatewayDatabase): IntegratorStore {
  const inTenant = (tenantId: string, sql: string, ...values: unknown[]): Promise<IntegratorSubscription[]> =>
    database.inTenant(
      tenantId,
      async (tx) => (await tx.$queryRawUnsafe<Row[]>(sql, ...values)).map(subscriptionOf),
      once,
    );
  return {
    async add(s) {
      const [row] = await inTenant(
        s.tenantId,
        `INSERT INTO gateway.egress_subscriptions
           (id, tenant_id, kind, name, topics, personal, state, state_reason, expires_at, token_hash, kafka_users, created_by)
         VALUES ($1::uuid, $2::uuid, $3, $4, $5::text[], $6, $7, $8, $9::timestamptz, $10, $11::text[], $12::uuid)
         RETURNING ${columns}`,
        s.id,
        s.tenantId,
        s.kind,
        s.name,
        [...s.topics],
        s.personal,
        s.state,
        s.state === 'active' ? null : 'opening',
        s.expiresAt?.toISOString() ?? null,
        s.tokenHash,
        [...s.kafkaUsers],
        s.createdBy,
      );
      if (!row) throw new Error('a subscription was written and not returned');
      return row;
    },

    list: (tenantId, kind) =>
      inTenant(
        tenantId,
        `SELECT ${columns} FROM gateway.egress_subscriptions
         WHERE tenant_id = $1::uuid AND kind = $2 ORDER BY created_at, id`,
        tenantId,
        kind,
      ),

    async find(tenantId, kind, id) {
      const [row] = await inTenant(
        tenantId,
        `SELECT ${columns} FROM gateway.egress_subscriptions WHERE tenant_id = $1::uuid AND kind = $2 AND id = $3::uuid`,
        tenantId,
        kind,
        id,
      );
      return row;
    },

    async change(tenantId, id, { state, tokenHash, kafkaUsers }) {
      const [row] = await inTenant(
        tenantId,
        `UPDATE gateway.egress_subscriptions
         SET state = coalesce($3, state),
             state_reason = CASE $3 WHEN 'active' THEN NULL WHEN 'disabled' THEN 'revoked' ELSE state_reason END,
             -- A change of users counts too: one that breaks off is found by its age.
             state_changed_at = CASE WHEN $3 IS NULL AND $5::text[] IS NULL THEN state_changed_at ELSE now() END,
             token_hash = coalesce($4, token_hash),
             kafka_users = coalesce($5::text[], kafka_users)
         WHERE tenant_id = $1::uuid AND id = $2::uuid AND kind IN ('stream', 'kafka') RETURNING ${columns}`,
        tenantId,
        id,
        state ?? null,
        tokenHash ?? null,
        kafkaUsers ? [...kafkaUsers] : null,
      );
      return row;
    },

    async touch(tenantId, id) {
      await inTenant(
        tenantId,
        `UPDATE gateway.egress_subscriptions SET last_used_at = now()
         WHERE tenant_id = $1::uuid AND id = $2::uuid RETURNING ${columns}`,
        tenantId,
        id,
      );
    },

    async remove(tenantId, id) {
      await inTenant(
        tenantId,
        `DELETE FROM gateway.egress_subscriptions
         WHERE tenant_id = $1::uuid AND id = $2::uuid AND kind IN ('stream', 'kafka') RETURNING ${columns}`,
        tenantId,
        id,
      );
    },

    async findByTokenHashes(hashes) {
      const rows = await database.client.$queryRawUnsafe<(Row & { token_hash: string })[]>(
        'SELECT * FROM gateway.find_streams($1::text[])',
        [...hashes],
      );
      return new Map(rows.map((row) => [row.token_hash, subscriptionOf(row)]));
    },

    async listKafkaToTidy() {
      const rows = await database.client.$queryRawUnsafe<{ tenant_id: string; id: string }[]>(
        'SELECT * FROM gateway.kafka_access_to_tidy()',
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, id: row.id }));
    },
  };
}
