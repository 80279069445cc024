import type { FieldCipher } from '@wardline/field-encryption';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type { Registrations } from '../../ports/registrations.ts';
import { locking, type CampaignsDatabase } from './campaigns-database.ts';
import type { RecipientRow } from './recipient-rows.ts';

type NamedRow = Pick<RecipientRow, 'id' | 'name_sealed' | 'number_sealed' | 'external_id_sealed'>;

export function createPostgresRegistrations(o: {
  database: CampaignsDatabase;
  cipher: Pick<FieldCipher, 'open'>;
}): Registrations {
  const { database, cipher } = o;
  return {
    async due(nowMs, limit) {
      const rows = await database.client.$queryRaw<{ tenant_id: string; campaign_id: string }[]>`
        SELECT * FROM campaigns.due_registrations(${new Date(nowMs)}, ${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, campaignId: row.campaign_id }));
    },

    next: (tenantId, { campaignId, nowMs, limit }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const rows = await tx.$queryRaw<NamedRow[]>`
            SELECT id, name_sealed, number_sealed, external_id_sealed FROM campaigns.recipients
            WHERE campaign_id = ${campaignId}::uuid AND register_at <= ${new Date(nowMs)}
            ORDER BY register_at LIMIT ${limit}::int`;
          return rows.map((row) => ({
            recipientId: row.id,
            name: cipher.open(tenantId, row.name_sealed, sealContexts.recipientName),
            number: cipher.open(tenantId, row.number_sealed, sealContexts.recipientNumber),
            externalId: row.external_id_sealed
              ? cipher.open(tenantId, row.external_id_sealed, sealContexts.recipientExternalId)
              : undefined,
          }));
        },
        locking,
      ),

    async done(tenantId, found) {
      await database.inTenant(
        tenantId,
        (tx) => tx.$executeRaw`
          UPDATE campaigns.recipients r SET patient_id = f.patient_id, register_at = NULL
          FROM unnest(${found.map((f) => f.recipientId)}::uuid[], ${found.map((f) => f.patientId ?? null)}::uuid[])
            AS f (id, patient_id)
          WHERE r.id = f.id`,
        { ...locking, deadlineMs: 30_000, idempotent: true },
      );
    },

    async postpone(tenantId, { recipientIds, atMs }) {
      await database.inTenant(
        tenantId,
        (tx) => tx.$executeRaw`
          UPDATE campaigns.recipients SET register_at = ${new Date(atMs)}
          WHERE id = ANY (${[...recipientIds]}::uuid[]) AND register_at IS NOT NULL`,
        { ...locking, deadlineMs: 30_000, idempotent: true },
      );
    },
  };
}
