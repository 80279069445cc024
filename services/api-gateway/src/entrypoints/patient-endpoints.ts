import { Code, ConnectError } from '@connectrpc/connect';
import { patients } from '@wardline/contracts';
import { z } from 'zod';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, idParams, instantOrNull, page, pageOf, pageQuery, phone } from './kernel/fields.ts';
import { Problem } from './problem.ts';
import { iso, valueOf, word, words } from './views.ts';

const personFields = {
  id,
  externalId: z.string().nullable().describe('The hospital’s own name for them.'),
  name: z.string(),
  numbers: z.array(z.string()),
  outreachAllowed: z.boolean().describe('Whether campaigns may call them.'),
  registeredAt: instantOrNull,
};
const personSchema = z.strictObject(personFields).meta({ id: 'Patient' });

const personView = (p: patients.Person): z.input<typeof personSchema> => ({
  id: p.patientId,
  externalId: p.externalId || null,
  name: p.name,
  numbers: p.numbers,
  outreachAllowed: p.outreachAllowed,
  registeredAt: iso(p.registeredAt),
});

const entrySchema = z
  .strictObject({
    id,
    change: words(patients.ConsentChange),
    source: z.string(),
    call: z.string().nullable(),
    user: z.string().nullable(),
    note: z.string(),
    recordedAt: instantOrNull,
  })
  .meta({ id: 'ConsentEntry' });

const entryView = (e: patients.ConsentEntry): z.input<typeof entrySchema> => ({
  id: e.entryId,
  change: word(patients.ConsentChange, e.change),
  source: e.source,
  call: e.callId || null,
  user: e.userId || null,
  note: e.note,
  recordedAt: iso(e.recordedAt),
});

function refusalOf(error: unknown): never {
  if (error instanceof ConnectError && error.code === Code.AlreadyExists)
    throw new Problem(409, 'key-reused', 'This Idempotency-Key was used for another request.');
  throw error;
}

/** Who the patients are, at which numbers they are called, and what they agreed to. */
export const patientEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listPatients',
    method: 'get',
    path: '/patients',
    summary: 'Patients, newest first; those of a number or with a name',
    access: 'patients:read',
    query: z.object({
      number: phone.optional(),
      name: z.string().trim().min(1).max(120).optional().describe('Words that the name has, all of them.'),
      ...pageQuery,
    }),
    responses: { 200: pageOf(personSchema) },
    audit: { action: 'patients.list', subject: () => 'patient', personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.patients.listPatients({
        number: query.number ?? '',
        name: query.name ?? '',
        limit: query.limit,
        cursor: query.cursor ?? '',
      });
      return { status: 200, body: page(found.patients.map(personView), found.nextCursor) };
    },
  }),
  endpoint({
    id: 'getPatient',
    method: 'get',
    path: '/patients/{id}',
    summary: 'One patient, with everything that they agreed to or refused',
    access: 'patients:read',
    params: idParams,
    responses: {
      200: z
        .strictObject({ ...personFields, ledger: z.array(entrySchema).describe('Oldest first.') })
        .meta({ id: 'PatientWithLedger' }),
    },
    audit: { action: 'patients.read', subject: ({ params }) => `patient/${params.id}`, personal: true },
    handler: async ({ hospital, params }) => {
      const { patient, ledger } = await hospital.patients.getPatient({ patientId: params.id });
      if (!patient) throw new Problem(404, 'not-found', 'There is no such patient.');
      return { status: 200, body: { ...personView(patient), ledger: ledger.map(entryView) } };
    },
  }),
  endpoint({
    id: 'recordConsent',
    method: 'post',
    path: '/patients/{id}/consent',
    summary: 'Notes that a patient does not want campaign calls any more, or wants them again',
    description: 'In effect when it is answered: no campaign calls them after an opt-out.',
    access: 'patients:write',
    params: idParams,
    idempotency: 'passed-on',
    body: z.strictObject({
      change: z.enum(['opted-out', 'opted-in']),
      note: z.string().trim().max(500).default(''),
    }),
    responses: { 201: z.strictObject({ id }) },
    problems: { 409: '`key-reused`: the Idempotency-Key was used for something else.' },
    audit: {
      action: 'patients.consent',
      subject: ({ params }) => `patient/${params.id}`,
      details: ({ body }) => ({ change: body.change }),
      personal: true,
    },
    handler: async ({ hospital, params, body, principal, idempotencyKey }) => {
      const { entryId } = await hospital.patients
        .recordConsent({
          patientId: params.id,
          change: valueOf(patients.ConsentChange, body.change),
          source: 'staff',
          userId: principal.userId,
          note: body.note,
          idempotencyKey,
        })
        .catch(refusalOf);
      return { status: 201, body: { id: entryId } };
    },
  }),
];
