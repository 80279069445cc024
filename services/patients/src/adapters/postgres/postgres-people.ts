import { consentOf } from '../../domain/consent-ledger.ts';
import { identifyPeople, type Identification, type KnownPerson } from '../../domain/identify-people.ts';
import { sealContexts } from '../../domain/sealing.ts';
import type { People, Person } from '../../ports/people.ts';
import type { Person as PersonRow } from '../../../generated/prisma/client.ts';
import { decisiveEntries, spokenOf, tellOf } from './consent-rows.ts';
import { indexOf, keyedRow, wordKeys, type KeyedRow } from './keys.ts';
import {
  oneWriterAtATime,
  reading,
  writing,
  type PatientsTx,
  type PostgresDeps,
} from './patients-database.ts';
import { writePeople } from './write-people.ts';

export function createPostgresPeople(deps: PostgresDeps): People {
  const { database, cipher, newId, now } = deps;
  return {
    async register(tenantId, rows) {
      const keyed = rows.map((row) => keyedRow(deps, tenantId, row));
      return database.inTenant(
        tenantId,
        async (tx) => {
          await oneWriterAtATime(tx, tenantId);
          const found = identifyPeople(keyed, await knownPeople(tx, keyed), newId);
          await writePeople(tx, deps, tenantId, keyed, found);
          // Others learn only of people of whom the ledger says something: of all others there is nothing to know.
          await tellOf(tx, tenantId, await spokenOf(tx, touchedBy(found)), now());
          return found.patientIds;
        },
        writing,
      );
    },

    list: (tenantId, query) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const number = query.number && indexOf(deps, tenantId, query.number, 'number');
          const words = query.name ? wordKeys(deps, tenantId, query.name) : [];
          if (query.name && words.length === 0) return [];
          const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
            `SELECT p.id::text FROM patients.people p
              WHERE ($1::text IS NULL OR p.id IN (SELECT patient_id FROM patients.numbers WHERE number_key = $1))
                AND ($2::integer = 0 OR p.id IN (SELECT patient_id FROM patients.name_words
                     WHERE word_key = ANY($3::text[]) GROUP BY patient_id HAVING count(*) = $2::integer))
                AND ($4::uuid IS NULL OR p.id < $4::uuid)
              ORDER BY p.id DESC LIMIT $5::integer`,
            number ?? null,
            words.length,
            words,
            query.after ?? null,
            query.limit,
          );
          return peopleOf(
            tx,
            cipher,
            tenantId,
            rows.map(({ id }) => id),
          );
        },
        reading,
      ),

    find: (tenantId, patientId) =>
      database.inTenant(
        tenantId,
        async (tx) => (await peopleOf(tx, cipher, tenantId, [patientId]))[0],
        reading,
      ),
  };
}

/**
 * Everybody whom one of the rows could mean. One look into an index per key, on purpose (LATERAL with LIMIT or OFFSET): in the
 * middle of a first import the tables have no statistics yet, and left to itself the planner reads all of a tenant's rows
 * for every batch (measured: 1,400 ms instead of 60 for 1,000 rows among 20,000).
 */
async function knownPeople(tx: PatientsTx, rows: readonly KeyedRow[]): Promise<KnownPerson[]> {
  const found = await tx.$queryRawUnsafe<
    { id: string; external_id_key: string | null; name_key: string | null; number_keys: string[] }[]
  >(
    `SELECT p.id::text, p.external_id_key, p.name_key,
            ARRAY(SELECT number_key FROM patients.numbers n WHERE n.patient_id = p.id) AS number_keys
       FROM (SELECT f.id FROM unnest($1::text[]) AS k,
               LATERAL (SELECT id FROM patients.people WHERE external_id_key = k LIMIT 1) AS f
             UNION
             SELECT f.patient_id FROM unnest($2::text[]) AS k,
               LATERAL (SELECT patient_id FROM patients.numbers WHERE number_key = k OFFSET 0) AS f) AS meant,
            LATERAL (SELECT * FROM patients.people WHERE id = meant.id LIMIT 1) AS p
      WHERE p.number_only_key IS NULL`,
    [...new Set(rows.flatMap(({ externalIdKey }) => externalIdKey ?? []))],
    [...new Set(rows.map(({ numberKey }) => numberKey))],
  );
  return found.map((row) => ({
    patientId: row.id,
    externalIdKey: row.external_id_key ?? undefined,
    nameKey: row.name_key ?? undefined,
    numberKeys: row.number_keys,
  }));
}

const touchedBy = ({ made, numbersAdded }: Identification): string[] => [
  ...new Set([...made, ...numbersAdded].map(({ patientId }) => patientId)),
];

/** In the order of the ids; those that are not there are left out. */
async function peopleOf(
  tx: PatientsTx,
  cipher: PostgresDeps['cipher'],
  tenantId: string,
  patientIds: readonly string[],
): Promise<Person[]> {
  const ids = [...patientIds];
  const rows = await tx.person.findMany({ where: { id: { in: ids } } });
  const numbers = await tx.patientNumber.findMany({
    where: { patientId: { in: ids } },
    orderBy: [{ addedAt: 'asc' }, { numberKey: 'asc' }],
  });
  const consent = consentOf(await decisiveEntries(tx, { patientIds: ids, numberKeys: [] }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    const own = numbers.filter(({ patientId }) => patientId === id);
    return {
      ...namesOf(cipher, tenantId, row),
      patientId: id,
      numbers: own.map((n) => cipher.open(tenantId, n.numberSealed, sealContexts.number)),
      outreachAllowed: consent.personAllowed(id),
      registeredAt: row.registeredAt,
    };
  });
}

function namesOf(cipher: PostgresDeps['cipher'], tenantId: string, row: PersonRow) {
  const open = (sealed: string | null, context: string) =>
    sealed === null ? undefined : cipher.open(tenantId, sealed, context);
  return {
    externalId: open(row.externalIdSealed, sealContexts.externalId),
    name: open(row.nameSealed, sealContexts.name),
  };
}
