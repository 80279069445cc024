import type { FieldCipher, SealedRows } from '@wardline/field-encryption';
import { sealContexts } from '../../domain/sealing.ts';
import { reading, type PatientsDatabase, type PatientsTx } from './patients-database.ts';

/** A sealed value; `key` tells a person's numbers apart. */
interface Sealed {
  readonly id: string;
  readonly key?: string;
  readonly sealed: string | null;
}

const statementOf = (column: string, table: string, isRow: string): string =>
  // Only what we read is replaced: whatever changed the row meanwhile has sealed it itself.
  `UPDATE patients.${table} r SET ${column} = f.anew
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS f(id, key, was, anew)
    WHERE ${isRow} AND r.${column} = f.was`;
const byId = 'r.id = f.id::uuid';

const statements = {
  externalId: statementOf('external_id_sealed', 'people', byId),
  name: statementOf('name_sealed', 'people', byId),
  number: statementOf('number_sealed', 'numbers', 'r.patient_id = f.id::uuid AND r.number_key = f.key'),
  note: statementOf('note_sealed', 'consent_entries', byId),
} as const satisfies Record<keyof typeof sealContexts, string>;

/** People with their numbers, and with the notes of what they said. */
export function createPostgresSealedPeople(o: {
  database: PatientsDatabase;
  cipher: Pick<FieldCipher, 'open' | 'seal' | 'needsReseal'>;
}): SealedRows {
  const { database, cipher } = o;

  async function reseal(
    tx: PatientsTx,
    tenantId: string,
    what: keyof typeof sealContexts,
    values: readonly Sealed[],
  ): Promise<number> {
    const context = sealContexts[what];
    const old = values.flatMap(({ id, key = '', sealed }) =>
      sealed !== null && cipher.needsReseal(tenantId, sealed) ? { id, key, sealed } : [],
    );
    if (old.length === 0) return 0;
    return tx.$executeRawUnsafe(
      statements[what],
      old.map(({ id }) => id),
      old.map(({ key }) => key),
      old.map(({ sealed }) => sealed),
      old.map(({ sealed }) => cipher.seal(tenantId, cipher.open(tenantId, sealed, context), context)),
    );
  }

  return {
    async tenants() {
      const rows = await database.client.$queryRaw<{ tenant: string }[]>`
        SELECT patients.tenants() AS tenant`;
      return rows.map((row) => row.tenant);
    },

    resealBatch: (tenantId, { afterId, limit }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const people = await tx.person.findMany({
            where: afterId === undefined ? {} : { id: { gt: afterId } },
            orderBy: { id: 'asc' },
            take: limit,
            select: { id: true, externalIdSealed: true, nameSealed: true },
          });
          const patientId = { in: people.map(({ id }) => id) };
          const numbers = await tx.patientNumber.findMany({ where: { patientId } });
          const notes = await tx.consentEntry.findMany({
            where: { patientId, noteSealed: { not: null } },
            select: { id: true, noteSealed: true },
          });
          const values: Record<keyof typeof sealContexts, Sealed[]> = {
            externalId: people.map((p) => ({ id: p.id, sealed: p.externalIdSealed })),
            name: people.map((p) => ({ id: p.id, sealed: p.nameSealed })),
            number: numbers.map((n) => ({ id: n.patientId, key: n.numberKey, sealed: n.numberSealed })),
            note: notes.map((n) => ({ id: n.id, sealed: n.noteSealed })),
          };
          let resealed = 0;
          for (const what of Object.keys(statements) as (keyof typeof statements)[])
            resealed += await reseal(tx, tenantId, what, values[what]);
          return { resealed, examined: people.length, lastId: people.at(-1)?.id };
        },
        // Guarded by what was read: a snapshot would only make registrations wait.
        reading,
      ),
  };
}
