import type { Personal } from '@wardline/personal-data';
import type { Identification } from '../../domain/identify-people.ts';
import { sealContexts } from '../../domain/sealing.ts';
import { wordKeys, type KeyedRow } from './keys.ts';
import type { PatientsTx, PostgresDeps } from './patients-database.ts';

/**
 * Writes what an identification found, with one statement per table whatever the number of rows. Rows travel as one JSON
 * parameter, because some of their cells are null.
 */
export async function writePeople(
  tx: PatientsTx,
  { cipher, now }: PostgresDeps,
  tenantId: string,
  rows: readonly KeyedRow[],
  found: Identification,
): Promise<void> {
  const at = new Date(now()).toISOString();
  const seal = (value: Personal | undefined, context: string) =>
    value ? cipher.seal(tenantId, value, context) : null;
  const named = (who: { patientId: string; row: number }) => {
    const row = rows[who.row];
    if (!row) throw new Error('an identification of another batch');
    return { id: who.patientId, row };
  };

  const made = found.made.map(named);
  if (made.length > 0) {
    await tx.$executeRawUnsafe(
      `INSERT INTO patients.people
         (tenant_id, id, external_id_sealed, external_id_key, name_sealed, name_key, registered_at)
       SELECT $1::uuid, id, external_id_sealed, external_id_key, name_sealed, name_key, $3::timestamptz
         FROM jsonb_to_recordset($2::jsonb) AS f(id uuid, external_id_sealed text, external_id_key text,
                                                 name_sealed text, name_key text)`,
      tenantId,
      JSON.stringify(
        made.map(({ id, row }) => ({
          id,
          external_id_sealed: seal(row.externalId, sealContexts.externalId),
          external_id_key: row.externalIdKey,
          name_sealed: seal(row.name, sealContexts.name),
          name_key: row.nameKey,
        })),
      ),
      at,
    );
  }

  const renamed = found.renamed.map(named);
  if (renamed.length > 0) {
    await tx.$executeRawUnsafe(
      `UPDATE patients.people p SET name_sealed = f.name_sealed, name_key = f.name_key
         FROM jsonb_to_recordset($1::jsonb) AS f(id uuid, name_sealed text, name_key text) WHERE p.id = f.id`,
      JSON.stringify(
        renamed.map(({ id, row }) => ({
          id,
          name_sealed: seal(row.name, sealContexts.name),
          name_key: row.nameKey,
        })),
      ),
    );
    await tx.nameWord.deleteMany({ where: { patientId: { in: renamed.map(({ id }) => id) } } });
  }

  const words = [...made, ...renamed].flatMap(({ id, row }) =>
    row.name ? wordKeys({ cipher }, tenantId, row.name).map((word) => ({ id, word })) : [],
  );
  if (words.length > 0) {
    await tx.$executeRawUnsafe(
      `INSERT INTO patients.name_words (tenant_id, patient_id, word_key)
       SELECT $1::uuid, id, word FROM jsonb_to_recordset($2::jsonb) AS f(id uuid, word text)`,
      tenantId,
      JSON.stringify(words),
    );
  }

  const numbers = found.numbersAdded.map(named);
  if (numbers.length > 0) {
    await tx.$executeRawUnsafe(
      `INSERT INTO patients.numbers (tenant_id, patient_id, number_key, number_sealed, added_at)
       SELECT $1::uuid, id, key, sealed, $3::timestamptz
         FROM jsonb_to_recordset($2::jsonb) AS f(id uuid, key text, sealed text)`,
      tenantId,
      JSON.stringify(
        numbers.map(({ id, row }) => ({
          id,
          key: row.numberKey,
          sealed: seal(row.number, sealContexts.number),
        })),
      ),
      at,
    );
  }
}
