import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { patients } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import type { ConsentChange } from '../domain/consent-ledger.ts';
import type { ConsentLedger, ConsentOutcome, RecordedConsent } from '../ports/consent-ledger.ts';
import type { People, Person } from '../ports/people.ts';
import { checks } from './request-checks.ts';

const { PatientsService, ConsentChange: Change } = patients;

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${PatientsService.typeName}/*`]: ['campaigns', 'conversation-brain', 'api-gateway', 'standalone'],
};

const BATCH_MAX = 1_000;
const PAGE_MAX = 200;
const NOTE_MAX = 2_000;

export function patientsRoutes(deps: {
  people: People;
  ledger: ConsentLedger;
}): (router: ConnectRouter) => void {
  const { people, ledger } = deps;
  return (router) => {
    router.service(PatientsService, {
      async registerPatients(q, ctx) {
        const check = checks();
        check.size('patients', q.patients.length, BATCH_MAX);
        const rows = q.patients.map((row, at) => check.newPerson(`patients[${at}]`, row));
        check.done();
        return { patientIds: [...(await people.register(tenantOf(ctx), rows))] };
      },

      async listPatients(q, ctx) {
        const check = checks();
        const limit = check.limit(q.limit, PAGE_MAX);
        const query = {
          ...(q.number ? { number: check.number('number', q.number) } : {}),
          ...(q.name ? { name: Personal.of(check.text('name', q.name)) } : {}),
          ...(q.cursor ? { after: check.uuid('cursor', q.cursor) } : {}),
          // One more than asked for tells whether there is another page.
          limit: limit + 1,
        };
        check.done();
        const found = await people.list(tenantOf(ctx), query);
        const page = found.slice(0, limit);
        return {
          patients: page.map(personMessage),
          nextCursor: found.length > limit ? (page.at(-1)?.patientId ?? '') : '',
        };
      },

      async getPatient(q, ctx) {
        const check = checks();
        const patientId = check.uuid('patient_id', q.patientId);
        check.done();
        const person = await people.find(tenantOf(ctx), patientId);
        if (!person) throw unknownPatient();
        const entries = await ledger.entriesOf(tenantOf(ctx), patientId);
        return { patient: personMessage(person), ledger: entries.map(entryMessage) };
      },

      async recordConsent(q, ctx) {
        const check = checks();
        const change = changeOf(q.change);
        if (!change) check.problem('change must be OPTED_OUT or OPTED_IN');
        if (!q.patientId && !q.number) check.problem('patient_id or number must be set');
        const request = {
          patientId: q.patientId ? check.uuid('patient_id', q.patientId) : undefined,
          number: q.number ? check.number('number', q.number) : undefined,
          change: change ?? 'opted-out',
          source: check.text('source', q.source, { min: 1, max: 50 }),
          callId: check.text('call_id', q.callId),
          userId: check.text('user_id', q.userId),
          note: q.note ? Personal.of(check.text('note', q.note, { max: NOTE_MAX })) : undefined,
          idempotencyKey: check.text('idempotency_key', q.idempotencyKey, { min: 1 }),
        };
        check.done();
        return { entryId: entryIdOf(await ledger.record(tenantOf(ctx), request)) };
      },

      async checkOutreach(q, ctx) {
        const check = checks();
        check.size('callees', q.callees.length, BATCH_MAX);
        const callees = q.callees.map(({ patientId, number }, at) => ({
          patientId: patientId ? check.uuid(`callees[${at}].patient_id`, patientId) : undefined,
          number: check.number(`callees[${at}].number`, number),
        }));
        check.done();
        return { allowed: await ledger.mayCall(tenantOf(ctx), callees) };
      },
    });
  };
}

function entryIdOf(outcome: ConsentOutcome): string {
  switch (outcome.kind) {
    case 'recorded':
      return outcome.entryId;
    case 'unknown-patient':
      throw unknownPatient();
    case 'key-reused':
      throw new ConnectError('idempotency_key was used for another request', Code.AlreadyExists);
    default:
      return outcome satisfies never;
  }
}

const unknownPatient = (): ConnectError => new ConnectError('there is no such patient', Code.NotFound);

function changeOf(change: patients.ConsentChange): ConsentChange | undefined {
  if (change === Change.OPTED_OUT) return 'opted-out';
  if (change === Change.OPTED_IN) return 'opted-in';
  return undefined;
}

function personMessage(person: Person) {
  return {
    patientId: person.patientId,
    externalId: person.externalId?.reveal() ?? '',
    name: person.name?.reveal() ?? '',
    numbers: person.numbers.map((number) => number.reveal()),
    outreachAllowed: person.outreachAllowed,
    registeredAt: timestampFromDate(person.registeredAt),
  };
}

function entryMessage(entry: RecordedConsent) {
  return {
    entryId: entry.entryId,
    change: entry.change === 'opted-out' ? Change.OPTED_OUT : Change.OPTED_IN,
    source: entry.source,
    callId: entry.callId,
    userId: entry.userId,
    note: entry.note?.reveal() ?? '',
    recordedAt: timestampFromDate(entry.recordedAt),
  };
}
