import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
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
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, instantIn, limit, page, pageOf, phone } from './kernel/fields.ts';
import { Problem } from './problem.ts';

const DAY_MS = 86_400_000;

const idOf = (answer: { readonly body?: unknown }): string => {
  const { id: made } = (answer.body ?? {}) as { id?: unknown };
  return typeof made === 'string' ? made : '';
};

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
      const booked = await hospital.appointments.bookAppointment({
        clinicId: body.clinic,
        doctorId: body.doctor,
        start: timestampFromDate(body.start),
        patient: body.patient,
        idempotencyKey,
        channel: events.BookingChannel.STAFF,
      });
      if (!booked.appointment) throw new Error('appointments answered a booking without an appointment');
      return {
        status: 201,
        body: appointmentView(booked.appointment),
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
      limit: limit(500),
    }),
    responses: { 200: pageOf(appointmentSchema) },
    audit: {
      action: 'appointments.list',
      subject: ({ query }) => `clinic/${query.clinic}`,
      personal: true,
    },
    handler: async ({ hospital, query }) => {
      const [from, to] = spanOf(query, DAY_MS);
      const found = await hospital.appointments.listAppointments({
        clinicId: query.clinic,
        from: timestampFromDate(from),
        to: timestampFromDate(to),
        limit: query.limit,
      });
      return { status: 200, body: page(found.appointments.map(appointmentView)) };
    },
  }),
  endpoint({
    id: 'listMessages',
    method: 'get',
    path: '/messages',
    summary: 'Messages to patients, newest first',
    access: 'messages:read',
    query: z.object({ clinic: id.optional(), limit: limit() }),
    responses: { 200: pageOf(messageSchema) },
    audit: { action: 'messages.list', subject: () => 'message', personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.notifications.listMessages({
        clinicId: query.clinic ?? '',
        limit: query.limit,
      });
      return { status: 200, body: page(found.messages.map(messageView)) };
    },
  }),
];
