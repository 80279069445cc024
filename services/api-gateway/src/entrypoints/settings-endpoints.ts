import { Code, ConnectError } from '@connectrpc/connect';
import type { directory } from '@wardline/contracts';
import { z } from 'zod';
import { roles } from '../domain/permissions.ts';
import { clinicSchema, clinicView } from './booking-views.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, idParams, int32, page, pageOf, phone } from './kernel/fields.ts';
import { Problem } from './problem.ts';

const text = (most: number) => z.string().trim().min(1).max(most);
const emptyOrPhone = z.union([phone, z.literal('')]);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 09:30');

const staffSchema = z
  .strictObject({
    id,
    login: z.string().describe('E-mail address.'),
    name: z.string(),
    role: z.enum(roles),
    active: z.boolean(),
    phone: z.string().nullable().describe('E.164, where calls are handed to.'),
  })
  .meta({ id: 'StaffUser' });

const staffView = (s: directory.Staff | undefined): z.input<typeof staffSchema> => {
  if (!s) throw new Error('directory answered without a user');
  return {
    id: s.userId,
    login: s.login,
    name: s.displayName,
    role: s.role as (typeof roles)[number],
    active: s.active,
    phone: s.phone || null,
  };
};

const password = z.string().min(12).max(200).describe('12 to 200 characters.');
const staffBody = {
  login: z.string().trim().min(3).max(320),
  name: text(120),
  role: z.enum(roles),
  active: z.boolean().default(true),
  phone: phone.nullable().default(null),
};
const staffProblems = {
  409: '`login-taken`: the login belongs to somebody. `last-admin`: the hospital would be left without an active admin.',
};

function refusalOf(error: unknown): unknown {
  if (!(error instanceof ConnectError)) return error;
  if (error.code === Code.AlreadyExists) return new Problem(409, 'login-taken', error.rawMessage);
  if (error.code === Code.FailedPrecondition) return new Problem(409, 'last-admin', error.rawMessage);
  return error;
}

/** The hospital itself: its clinics, and who works there. */
export const settingsEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'saveClinic',
    method: 'put',
    path: '/clinics/{id}',
    summary: 'Changes a clinic’s facts, whole',
    description: 'Its numbers belong to the contract with the carrier and cannot be changed here.',
    access: 'settings:write',
    params: idParams,
    body: z.strictObject({
      name: text(200),
      timeZone: text(64).describe('IANA, such as "America/New_York".'),
      language: text(35).describe('BCP 47.'),
      transferNumber: emptyOrPhone.describe('The reception; empty when there is none.'),
      emergencyNumber: phone,
      emergencyText: text(1_000),
      assistantName: text(200),
      openingHours: z
        .array(z.strictObject({ isoWeekday: z.int().min(1).max(7), opens: clock, closes: clock }))
        .max(50),
      doctors: z
        .array(
          z.strictObject({
            id: z.union([id, z.literal('')]).describe('Empty for a new one.'),
            name: text(120),
            department: text(120),
            alsoCalled: z.array(text(60)).max(20),
            acceptsBookings: z.boolean(),
          }),
        )
        .max(500),
      revision: int32,
    }),
    bodyBytesMax: 512 * 1024,
    responses: { 200: clinicSchema },
    problems: { 409: '`contention`: somebody else has changed it; read it again.' },
    audit: { action: 'settings.clinic', subject: ({ params }) => `clinic/${params.id}`, personal: true },
    handler: async ({ hospital, params, body: { doctors, ...facts } }) => {
      const { clinic } = await hospital.directory.saveClinic({
        clinic: {
          clinicId: params.id,
          ...facts,
          openingHours: facts.openingHours,
          doctors: doctors.map(({ id: doctorId, ...doctor }) => ({ doctorId, ...doctor })),
        },
      });
      if (!clinic) throw new Error('directory answered without a clinic');
      return { status: 200, body: clinicView(clinic) };
    },
  }),
  endpoint({
    id: 'listStaff',
    method: 'get',
    path: '/staff',
    summary: 'Who works here, by name',
    access: 'staff:read',
    responses: { 200: pageOf(staffSchema) },
    audit: { action: 'staff.list', subject: () => 'staff', personal: true },
    handler: async ({ hospital }) => {
      const { staff } = await hospital.directory.listStaff({});
      return { status: 200, body: page(staff.map(staffView)) };
    },
  }),
  endpoint({
    id: 'addStaff',
    method: 'post',
    path: '/staff',
    summary: 'Makes a user',
    access: 'staff:manage',
    idempotency: 'kept',
    body: z.strictObject({ ...staffBody, password }),
    responses: { 201: staffSchema },
    problems: staffProblems,
    audit: {
      action: 'staff.add',
      subject: (_asked, { body }) => `staff/${String((body as { id?: unknown } | undefined)?.id ?? '')}`,
      details: ({ body }) => ({ role: body.role }),
      personal: true,
    },
    handler: async ({ hospital, body: { name, phone: number, password: word, ...same } }) => {
      try {
        const { staff } = await hospital.directory.saveStaff({
          staff: { userId: '', displayName: name, phone: number ?? '', ...same },
          password: word,
        });
        return { status: 201, body: staffView(staff) };
      } catch (error) {
        throw refusalOf(error);
      }
    },
  }),
  endpoint({
    id: 'saveStaff',
    method: 'put',
    path: '/staff/{id}',
    summary: 'Changes a user; a new password, role or deactivation signs them out',
    access: 'staff:manage',
    params: idParams,
    body: z.strictObject({ ...staffBody, password: password.optional() }),
    responses: { 200: staffSchema },
    problems: staffProblems,
    audit: {
      action: 'staff.save',
      subject: ({ params }) => `staff/${params.id}`,
      details: ({ body }) => ({
        role: body.role,
        active: body.active,
        password: body.password !== undefined,
      }),
      personal: true,
    },
    handler: async ({ hospital, params, body: { name, phone: number, password: word, ...same } }) => {
      try {
        const { staff } = await hospital.directory.saveStaff({
          staff: { userId: params.id, displayName: name, phone: number ?? '', ...same },
          password: word ?? '',
        });
        return { status: 200, body: staffView(staff) };
      } catch (error) {
        throw refusalOf(error);
      }
    },
  }),
];
