import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { events, type appointments } from '@wardline/contracts';
import { z } from 'zod';
import {
  appointmentSchema,
  appointmentView,
  clinicSchema,
  clinicView,
  messageSchema,
  messageView,
  slotSchema,
  slotView,
} from './booking-views.ts';
import { endpoint, type Endpoint, openPageMs } from './kernel/endpoint.ts';
import { id, idParams, instantIn, limit, page, pageOf, pageQuery, phone } from './kernel/fields.ts';
import { Problem } from './problem.ts';

const DAY_MS = 86_400_000;

const idOf = (answer: { readonly body?: unknown }): string => {
  const { id: made } = (answer.body ?? {}) as { id?: unknown };
  return typeof made === 'string' ? made : '';
};

function given(appointment: appointments.Appointment | undefined) {
  if (!appointment) throw new Error('appointments answered without an appointment');
  return appointmentView(appointment);
}

/** The calendar's one conflict that is worth another slot. */
function refusalOf(error: unknown): never {
  if (error instanceof ConnectError && error.code === Code.AlreadyExists)
    throw new Problem(409, 'slot-taken', error.rawMessage);
  throw error;
}

/** A span of time asked for; what is left out is filled in from now on. */
function spanOf(q: { from?: Date | undefined; to?: Date | undefined }, usualMs: number): [Date, Date] {
  const from = q.from ?? new Date();
  const to = q.to ?? new Date(from.getTime() + usualMs);
  if (to <= from) throw new Problem(422, 'invalid', '`to` must be later than `from`.');
  return [from, to];
}

/** Clinics, free slots, appointments and messages of the signed-in user's hospital. */
export const bookingEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listClinics',
    method: 'get',
    path: '/clinics',
    summary: 'Clinics of the hospital',
    access: 'settings:read',
    responses: { 200: pageOf(clinicSchema) },
    handler: async ({ hospital }) => {
      const { clinics } = await hospital.directory.listClinics({});
      return { status: 200, body: page(clinics.map(clinicView)) };
    },
  }),
  endpoint({
    id: 'listSlots',
    method: 'get',
    path: '/slots',
    summary: 'Free slots, earliest first',
    access: 'appointments:read',
    query: z.object({
      clinic: id,
      doctor: id.optional(),
      department: z.string().max(100).optional(),
      from: instantIn.optional(),
      to: instantIn.optional(),
      limit: limit(500),
    }),
    responses: {
      200: z.strictObject({
        timeZone: z.string().describe('IANA zone of the clinic.'),
        items: z.array(slotSchema),
        next: z.null(),
      }),
    },
    handler: async ({ hospital, query }) => {
      const [from, to] = spanOf(query, 14 * DAY_MS);
      const found = await hospital.appointments.findSlots({
        clinicId: query.clinic,
        doctorId: query.doctor ?? '',
        department: query.department ?? '',
        from: timestampFromDate(from),
        to: timestampFromDate(to),
        limit: query.limit,
      });
      return {
        status: 200,
        body: { timeZone: found.timeZone, items: found.slots.map(slotView), next: null },
      };
    },
  }),
  endpoint({
    id: 'bookAppointment',
    method: 'post',
    path: '/appointments',
    summary: 'Books an appointment',
    access: 'appointments:write',
    idempotency: 'passed-on',
    body: z.strictObject({
      clinic: id,
      doctor: id,
      start: instantIn,
      patient: z.strictObject({ name: z.string().trim().min(1).max(120), phone }),
    }),
    responses: { 201: appointmentSchema },
    problems: {
      409: '`slot-taken`: somebody was quicker. `contention`: repeat the very same request.',
    },
    audit: {
      action: 'appointments.book',
      subject: (_asked, answer) => `appointment/${idOf(answer)}`,
      personal: true,
    },
    handler: async ({ hospital, body, idempotencyKey }) => {
      const booked = await hospital.appointments
        .bookAppointment({
          clinicId: body.clinic,
          doctorId: body.doctor,
          start: timestampFromDate(body.start),
          patient: body.patient,
          idempotencyKey,
          channel: events.BookingChannel.STAFF,
        })
        .catch(refusalOf);
      return {
        status: 201,
        body: given(booked.appointment),
        headers: booked.replayed ? { 'idempotent-replayed': 'true' } : {},
      };
    },
  }),
  endpoint({
    id: 'listAppointments',
    method: 'get',
    path: '/appointments',
    summary: 'Booked appointments, by start',
    access: 'appointments:read',
    query: z.object({
      clinic: id,
      from: instantIn.optional(),
      to: instantIn.optional(),
      doctor: id.optional(),
      phone: phone.optional().describe('Those of this number alone.'),
      limit: limit(500),
    }),
    responses: { 200: pageOf(appointmentSchema) },
    audit: {
      action: 'appointments.list',
      subject: ({ query }) => `clinic/${query.clinic}`,
      onceInMs: openPageMs,
      personal: true,
    },
    handler: async ({ hospital, query }) => {
      const [from, to] = spanOf(query, DAY_MS);
      const found = await hospital.appointments.listAppointments({
        clinicId: query.clinic,
        from: timestampFromDate(from),
        to: timestampFromDate(to),
        doctorId: query.doctor ?? '',
        patientPhone: query.phone ?? '',
        limit: query.limit,
      });
      return { status: 200, body: page(found.appointments.map(appointmentView)) };
    },
  }),
  endpoint({
    id: 'getAppointment',
    method: 'get',
    path: '/appointments/{id}',
    summary: 'One appointment',
    access: 'appointments:read',
    params: idParams,
    responses: { 200: appointmentSchema },
    audit: {
      action: 'appointments.read',
      subject: ({ params }) => `appointment/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params }) => {
      const { appointment } = await hospital.appointments.getAppointment({ appointmentId: params.id });
      return { status: 200, body: given(appointment) };
    },
  }),
  endpoint({
    id: 'moveAppointment',
    method: 'post',
    path: '/appointments/{id}/move',
    summary: 'Moves an appointment to another free slot',
    description: 'The old slot is free when, and only when, the new one is taken.',
    access: 'appointments:write',
    params: idParams,
    idempotency: 'passed-on',
    body: z.strictObject({ doctor: id, start: instantIn }),
    responses: { 200: appointmentSchema },
    problems: {
      409: '`slot-taken`: somebody was quicker. `conflict`: it is cancelled or has begun. `contention`: repeat the very same request.',
    },
    audit: {
      action: 'appointments.move',
      subject: ({ params }) => `appointment/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params, body, idempotencyKey }) => {
      const { appointment, replayed } = await hospital.appointments
        .moveAppointment({
          appointmentId: params.id,
          doctorId: body.doctor,
          start: timestampFromDate(body.start),
          idempotencyKey,
          channel: events.BookingChannel.STAFF,
        })
        .catch(refusalOf);
      return {
        status: 200,
        body: given(appointment),
        headers: replayed ? { 'idempotent-replayed': 'true' } : {},
      };
    },
  }),
  endpoint({
    id: 'cancelAppointment',
    method: 'post',
    path: '/appointments/{id}/cancel',
    summary: 'Cancels an appointment; a cancelled one stays as it is',
    access: 'appointments:write',
    params: idParams,
    responses: { 200: appointmentSchema },
    problems: { 409: '`conflict`: it has begun.' },
    audit: {
      action: 'appointments.cancel',
      subject: ({ params }) => `appointment/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params }) => {
      const { appointment } = await hospital.appointments.cancelAppointment({
        appointmentId: params.id,
        channel: events.BookingChannel.STAFF,
      });
      return { status: 200, body: given(appointment) };
    },
  }),
  endpoint({
    id: 'confirmAppointment',
    method: 'post',
    path: '/appointments/{id}/confirm',
    summary: 'Notes that the patient said they will come',
    access: 'appointments:write',
    params: idParams,
    responses: { 200: appointmentSchema },
    problems: { 409: '`conflict`: it is cancelled or has begun.' },
    audit: {
      action: 'appointments.confirm',
      subject: ({ params }) => `appointment/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params }) => {
      const { appointment } = await hospital.appointments.confirmAppointment({
        appointmentId: params.id,
        channel: events.BookingChannel.STAFF,
      });
      return { status: 200, body: given(appointment) };
    },
  }),
  endpoint({
    id: 'listMessages',
    method: 'get',
    path: '/messages',
    summary: 'Messages to patients, newest first',
    access: 'messages:read',
    query: z.object({
      clinic: id.optional(),
      to: phone.optional(),
      appointment: id.optional(),
      status: z.enum(['queued', 'sent', 'failed']).optional(),
      ...pageQuery,
    }),
    responses: { 200: pageOf(messageSchema) },
    audit: { action: 'messages.list', subject: () => 'message', onceInMs: openPageMs, personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.notifications.listMessages({
        clinicId: query.clinic ?? '',
        to: query.to ?? '',
        appointmentId: query.appointment ?? '',
        status: query.status ?? '',
        limit: query.limit,
        cursor: query.cursor ?? '',
      });
      return { status: 200, body: page(found.messages.map(messageView), found.nextCursor) };
    },
  }),
];
