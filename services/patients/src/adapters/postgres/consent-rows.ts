import { appendToOutbox } from '@wardline/event-bus';
import { consentOf, type ConsentChange, type LedgerEntry } from '../../domain/consent-ledger.ts';
import { patientChanged, type PatientState } from '../patient-events.ts';
import type { PatientsTx } from './patients-database.ts';

interface LedgerRow {
  position: bigint;
  patient_id: string;
  change: ConsentChange;
  number_key: string | null;
}

/**
 * What of the ledger decides about these people and numbers: the newest entry of each person, and of each person who spoke
 * of one of the numbers.
 */
export async function decisiveEntries(
  tx: PatientsTx,
  o: { patientIds: readonly string[]; numberKeys: readonly string[] },
): Promise<LedgerEntry[]> {
  const rows = await tx.$queryRawUnsafe<LedgerRow[]>(
    `(SELECT DISTINCT ON (patient_id) position, patient_id::text, change, NULL AS number_key
        FROM patients.consent_entries WHERE patient_id = ANY($1::uuid[]) ORDER BY patient_id, position DESC)
     UNION ALL
     (SELECT DISTINCT ON (number_key, patient_id) position, patient_id::text, change, number_key
        FROM patients.consent_numbers WHERE number_key = ANY($2::text[]) ORDER BY number_key, patient_id, position DESC)`,
    [...o.patientIds],
    [...o.numberKeys],
  );
  return rows.map((row) => ({
    position: row.position,
    patientId: row.patient_id,
    change: row.change,
    numberKeys: row.number_key === null ? [] : [row.number_key],
  }));
}

/** Everybody who is called at one of the numbers or has spoken of it. */
export async function concernedBy(tx: PatientsTx, numberKeys: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ patient_id: string }[]>(
    `SELECT patient_id::text FROM patients.numbers WHERE number_key = ANY($1::text[])
     UNION SELECT patient_id::text FROM patients.consent_numbers WHERE number_key = ANY($1::text[])`,
    [...numberKeys],
  );
  return rows.map((row) => row.patient_id);
}

/** Those of the people of whom the ledger says something: by themselves, or by somebody else about a number of theirs. */
export async function spokenOf(tx: PatientsTx, patientIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ patient_id: string }[]>(
    `SELECT patient_id::text FROM patients.consent_entries WHERE patient_id = ANY($1::uuid[])
     UNION SELECT n.patient_id::text FROM patients.numbers n
       WHERE n.patient_id = ANY($1::uuid[])
         AND EXISTS (SELECT FROM patients.consent_numbers c WHERE c.number_key = n.number_key)`,
    [...patientIds],
  );
  return rows.map((row) => row.patient_id);
}

/** Tells others of people as they are now, whole; part of the transaction that changed something about them. */
export async function tellOf(
  tx: PatientsTx,
  tenantId: string,
  patientIds: readonly string[],
  atMs: number,
): Promise<void> {
  for (const state of await statesOf(tx, patientIds)) {
    await appendToOutbox(tx, 'patients', patientChanged(tenantId, state, atMs));
  }
}

async function statesOf(tx: PatientsTx, patientIds: readonly string[]): Promise<PatientState[]> {
  const ids = [...new Set(patientIds)].sort();
  if (ids.length === 0) return [];
  const numbers = await tx.$queryRawUnsafe<{ patient_id: string; number_key: string; called: boolean }[]>(
    `SELECT patient_id::text, number_key, bool_or(called) AS called
       FROM (SELECT patient_id, number_key, true AS called FROM patients.numbers WHERE patient_id = ANY($1::uuid[])
             UNION ALL
             SELECT patient_id, number_key, false FROM patients.consent_numbers WHERE patient_id = ANY($1::uuid[])) AS n
      GROUP BY patient_id, number_key ORDER BY number_key`,
    ids,
  );
  const numberKeys = [...new Set(numbers.map((row) => row.number_key))];
  const consent = consentOf(await decisiveEntries(tx, { patientIds: ids, numberKeys }));
  const calls = await callsOfOptOuts(tx, ids);
  return ids.map((patientId) => {
    const own = numbers.filter((row) => row.patient_id === patientId);
    return {
      patientId,
      numberKeys: own.filter(({ called }) => called).map((row) => row.number_key),
      outreachAllowed: consent.personAllowed(patientId),
      blockedNumberKeys: own.map((row) => row.number_key).filter((key) => consent.numberBlocked(key)),
      optedOutInCall: calls.get(patientId) ?? '',
    };
  });
}

/** Of people whose newest entry is an opt-out, the call in which they said it. */
async function callsOfOptOuts(tx: PatientsTx, patientIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.$queryRawUnsafe<{ patient_id: string; change: ConsentChange; call_id: string }[]>(
    `SELECT DISTINCT ON (patient_id) patient_id::text, change, call_id
       FROM patients.consent_entries WHERE patient_id = ANY($1::uuid[]) ORDER BY patient_id, position DESC`,
    [...patientIds],
  );
  return new Map(
    rows.filter(({ change }) => change === 'opted-out').map((row) => [row.patient_id, row.call_id]),
  );
}
