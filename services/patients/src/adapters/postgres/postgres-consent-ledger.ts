import {
  consentOf,
  mayCall,
  numbersSpokenOf,
  type ConsentChange,
  type LedgerEntry,
} from '../../domain/consent-ledger.ts';
import { sealContexts } from '../../domain/sealing.ts';
import type { ConsentLedger, ConsentOutcome, ConsentRequest } from '../../ports/consent-ledger.ts';
import { concernedBy, decisiveEntries, tellOf } from './consent-rows.ts';
import { indexOf } from './keys.ts';
import {
  oneWriterAtATime,
  reading,
  writing,
  type PatientsTx,
  type PostgresDeps,
} from './patients-database.ts';

export function createPostgresConsentLedger(deps: PostgresDeps): ConsentLedger {
  const { database, cipher, now } = deps;
  return {
    record: (tenantId, request) =>
      database.inTenant(
        tenantId,
        async (tx): Promise<ConsentOutcome> => {
          await oneWriterAtATime(tx, tenantId);
          const numberKey = request.number && indexOf(deps, tenantId, request.number, 'number');
          const before = await alreadyRecorded(tx, tenantId, request, numberKey);
          if (before) return before;
          const patientId = await speakerOf(tx, deps, tenantId, request, numberKey);
          if (patientId === undefined) return { kind: 'unknown-patient' };
          const numberKeys = numbersSpokenOf({
            change: request.change,
            saidNumberKey: numberKey,
            personNumberKeys: await numbersOf(tx, patientId),
            earlier: await entriesOf(tx, patientId),
          });
          const entryId = await append(tx, deps, tenantId, { request, patientId, numberKey, numberKeys });
          // All who share a number learn of it, so that the newest event of each of them is right about it.
          const concerned = await concernedBy(tx, numberKeys);
          await tellOf(tx, tenantId, [patientId, ...concerned], now());
          return { kind: 'recorded', entryId };
        },
        writing,
      ),

    async entriesOf(tenantId, patientId) {
      const rows = await database.inTenant(
        tenantId,
        (tx) => tx.consentEntry.findMany({ where: { patientId }, orderBy: { position: 'asc' } }),
        reading,
      );
      return rows.map((row) => ({
        entryId: row.id,
        change: row.change as ConsentChange,
        source: row.source,
        callId: row.callId,
        userId: row.userId,
        note: row.noteSealed === null ? undefined : cipher.open(tenantId, row.noteSealed, sealContexts.note),
        recordedAt: row.recordedAt,
      }));
    },

    async mayCall(tenantId, callees) {
      const asked = callees.map(({ patientId, number }) => ({
        patientId,
        numberKey: indexOf(deps, tenantId, number, 'number'),
      }));
      const entries = await database.inTenant(
        tenantId,
        (tx) =>
          decisiveEntries(tx, {
            patientIds: asked.flatMap(({ patientId }) => patientId ?? []),
            numberKeys: asked.map(({ numberKey }) => numberKey),
          }),
        reading,
      );
      const consent = consentOf(entries);
      return asked.map((callee) => mayCall(consent, callee));
    },
  };
}

/** What the same key has recorded; it answers for the same request only. */
async function alreadyRecorded(
  tx: PatientsTx,
  tenantId: string,
  request: ConsentRequest,
  numberKey: string | undefined,
): Promise<ConsentOutcome | undefined> {
  const row = await tx.consentEntry.findUnique({
    where: { tenantId_idempotencyKey: { tenantId, idempotencyKey: request.idempotencyKey } },
  });
  if (!row) return undefined;
  const same =
    row.change === request.change &&
    row.askedPatientId === (request.patientId ?? null) &&
    row.askedNumberKey === (numberKey ?? null);
  return same ? { kind: 'recorded', entryId: row.id } : { kind: 'key-reused' };
}

/** Whose word it is: the patient, or else the entry of the number alone, which is made when it is missing. */
async function speakerOf(
  tx: PatientsTx,
  deps: PostgresDeps,
  tenantId: string,
  { patientId, number }: ConsentRequest,
  numberKey: string | undefined,
): Promise<string | undefined> {
  if (patientId !== undefined) {
    const row = await tx.person.findUnique({ where: { id: patientId }, select: { id: true } });
    return row?.id;
  }
  if (number === undefined || numberKey === undefined) return undefined;
  const known = await tx.person.findUnique({
    where: { numberOnlyKey_tenantId: { numberOnlyKey: numberKey, tenantId } },
    select: { id: true },
  });
  if (known) return known.id;
  const at = new Date(deps.now());
  const id = deps.newId();
  await tx.person.create({ data: { id, tenantId, numberOnlyKey: numberKey, registeredAt: at } });
  const numberSealed = deps.cipher.seal(tenantId, number, sealContexts.number);
  await tx.patientNumber.create({ data: { tenantId, patientId: id, numberKey, numberSealed, addedAt: at } });
  return id;
}

async function numbersOf(tx: PatientsTx, patientId: string): Promise<string[]> {
  const rows = await tx.patientNumber.findMany({ where: { patientId }, select: { numberKey: true } });
  return rows.map((row) => row.numberKey);
}

/** All numbers that a person's entries ever spoke of, each with the newest entry that did. */
async function entriesOf(tx: PatientsTx, patientId: string): Promise<LedgerEntry[]> {
  const rows = await tx.consentNumber.findMany({
    where: { patientId },
    distinct: ['numberKey'],
    orderBy: [{ numberKey: 'asc' }, { position: 'desc' }],
  });
  return rows.map((row) => ({
    position: row.position,
    patientId,
    change: row.change as ConsentChange,
    numberKeys: [row.numberKey],
  }));
}

async function append(
  tx: PatientsTx,
  { cipher, newId, now }: PostgresDeps,
  tenantId: string,
  entry: {
    request: ConsentRequest;
    patientId: string;
    numberKey: string | undefined;
    numberKeys: readonly string[];
  },
): Promise<string> {
  const { request } = entry;
  // Taken after all writers before have committed: positions are in the order in which entries become visible.
  const row = await tx.consentEntry.create({
    data: {
      id: newId(),
      tenantId,
      patientId: entry.patientId,
      change: request.change,
      source: request.source,
      callId: request.callId,
      userId: request.userId,
      noteSealed: request.note ? cipher.seal(tenantId, request.note, sealContexts.note) : null,
      askedPatientId: request.patientId ?? null,
      askedNumberKey: entry.numberKey ?? null,
      idempotencyKey: request.idempotencyKey,
      recordedAt: new Date(now()),
    },
    select: { id: true, position: true },
  });
  await tx.consentNumber.createMany({
    data: entry.numberKeys.map((numberKey) => ({
      tenantId,
      position: row.position,
      patientId: entry.patientId,
      numberKey,
      change: request.change,
    })),
  });
  return row.id;
}
