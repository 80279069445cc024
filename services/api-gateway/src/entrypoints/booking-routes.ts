import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import { Router } from 'express';
import { z } from 'zod';
import type { HospitalOf } from '../ports/hospital.ts';
import { appointmentView, clinicView, messageView, slotView } from './json-views.ts';
import { Problem } from './problem.ts';
import { sessionOf } from './session-routes.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const page = z.coerce.number().int().min(1).max(500).default(50);

const slotQuery = z.object({
  clinic: z.uuid(),
  doctor: z.uuid().optional(),
  department: z.string().max(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: page,
});

const booking = z.object({
  clinic: z.uuid(),
  doctor: z.uuid(),
  start: instant,
  patient: z.object({
    name: z.string().trim().min(1).max(120),
    phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'E.164, such as +12025550143'),
  }),
});
const idempotencyKey = z
  .string({
    error:
      'The Idempotency-Key header is required: any text of up to 200 characters that stays the same when you repeat the request.',
  })
  .min(1)
  .max(200);

const range = z.object({ clinic: z.uuid(), from: instant.optional(), to: instant.optional(), limit: page });

const DAY_MS = 86_400_000;

/** Clinics, free slots, appointments and messages of the signed-in user's hospital. */
export function bookingRoutes(hospitalOf: HospitalOf, now: () => Date = () => new Date()): Router {
  const router = Router();

  router.get('/clinics', async (req, res) => {
    const { clinics } = await hospitalOf(sessionOf(req).tenantId).directory.listClinics({});
    res.json({ items: clinics.map(clinicView) });
  });

  router.get('/slots', async (req, res) => {
    const q = slotQuery.parse(req.query);
    const from = q.from ?? now();
    const to = q.to ?? new Date(from.getTime() + 14 * DAY_MS);
    if (to <= from) throw new Problem(422, 'invalid', '`to` must be later than `from`.');
    const found = await hospitalOf(sessionOf(req).tenantId).appointments.findSlots({
      clinicId: q.clinic,
      doctorId: q.doctor ?? '',
      department: q.department ?? '',
      from: timestampFromDate(from),
      to: timestampFromDate(to),
      limit: q.limit,
    });
    res.json({ timeZone: found.timeZone, items: found.slots.map(slotView) });
  });

  router.post('/appointments', async (req, res) => {
    const key = idempotencyKey.parse(req.headers['idempotency-key']);
    const wish = booking.parse(req.body);
    const booked = await hospitalOf(sessionOf(req).tenantId).appointments.bookAppointment({
      clinicId: wish.clinic,
      doctorId: wish.doctor,
      start: timestampFromDate(wish.start),
      patient: wish.patient,
      idempotencyKey: key,
      channel: events.BookingChannel.STAFF,
    });
    if (!booked.appointment) throw new Error('appointments answered a booking without an appointment');
    if (booked.replayed) res.setHeader('idempotent-replayed', 'true');
    res.status(201).json(appointmentView(booked.appointment));
  });

  router.get('/appointments', async (req, res) => {
    const q = range.parse(req.query);
    const from = q.from ?? now();
    const found = await hospitalOf(sessionOf(req).tenantId).appointments.listAppointments({
      clinicId: q.clinic,
      from: timestampFromDate(from),
      to: timestampFromDate(q.to ?? new Date(from.getTime() + DAY_MS)),
      limit: q.limit,
    });
    res.json({ items: found.appointments.map(appointmentView) });
  });

  router.get('/messages', async (req, res) => {
    const q = z
      .object({ clinic: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) })
      .parse(req.query);
    const found = await hospitalOf(sessionOf(req).tenantId).notifications.listMessages({
      clinicId: q.clinic ?? '',
      limit: q.limit,
    });
    res.json({ items: found.messages.map(messageView) });
  });
  return router;
}
