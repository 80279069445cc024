import type { TenantTopicCursors } from '../../ports/tenant-topic-cursors.ts';
import type { GatewayDatabase } from './gateway-database.ts';

const once = { isolation: 'ReadCommitted' } as const;

/** Cursors of hospitals' topics in Postgres. */
export function createPostgresTenantTopicCursors(database: GatewayDatabase): TenantTopicCursors {
  return {
    async open({ tenantId, personal }) {
      await database.inTenant(
        tenantId,
        (tx) =>
          tx.$executeRawUnsafe(
            `INSERT INTO gateway.tenant_topics (tenant_id, personal) VALUES ($1::uuid, $2) ON CONFLICT DO NOTHING`,
            tenantId,
            personal,
          ),
        once,
      );
    },

    async listOpen() {
      const rows = await database.client.$queryRawUnsafe<{ tenant_id: string; personal: boolean }[]>(
        'SELECT * FROM gateway.open_tenant_topics()',
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, personal: row.personal }));
    },

    read: ({ tenantId, personal }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const [row] = await tx.$queryRawUnsafe<{ position: bigint }[]>(
            'SELECT position FROM gateway.tenant_topics WHERE tenant_id = $1::uuid AND personal = $2',
            tenantId,
            personal,
          );
          return row?.position ?? 0n;
        },
        once,
      ),

    async advance({ tenantId, personal }, from, to) {
      const changed = await database.inTenant(
        tenantId,
        (tx) =>
          tx.$executeRawUnsafe(
            `UPDATE gateway.tenant_topics SET position = $4::bigint
             WHERE tenant_id = $1::uuid AND personal = $2 AND position = $3::bigint`,
            tenantId,
            personal,
            from,
            to,
          ),
        once,
      );
      return changed === 1;
    },
  };
}
