import { takeOnce } from '@wardline/event-bus';
import type { ClinicReadModel } from '../../ports/clinic-read-model.ts';
import { locking, type CampaignsDatabase } from './campaigns-database.ts';

export function createPostgresClinics(database: CampaignsDatabase): ClinicReadModel {
  return {
    apply: (tenantId, { eventId, sequence, clinicId, name, timeZone }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          if (!(await takeOnce(tx, 'campaigns', 'campaigns-directory', eventId))) return;
          // The event carries the whole clinic, so an older one has nothing to add.
          await tx.$executeRaw`
            INSERT INTO campaigns.clinics AS c (tenant_id, clinic_id, name, time_zone, source_sequence)
            VALUES (${tenantId}::uuid, ${clinicId}::uuid, ${name}, ${timeZone}, ${BigInt(sequence)})
            ON CONFLICT (tenant_id, clinic_id) DO UPDATE
            SET name = excluded.name, time_zone = excluded.time_zone, source_sequence = excluded.source_sequence
            WHERE c.source_sequence < excluded.source_sequence`;
        },
        { ...locking, idempotent: true },
      ),
  };
}
