import { create } from '@bufbuild/protobuf';
import { durationMs, StructSchema, timestampFromMs, type Duration } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { appointments, events } from '@wardline/contracts';
import type { FieldCipher } from '@wardline/field-encryption';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import { channelToProto } from '../adapters/appointment-events.ts';
import { bookAppointment } from '../app/book-appointment.ts';
import { changeAppointment } from '../app/change-appointment.ts';
import { findSlots } from '../app/find-slots.ts';
import { holdSlot } from '../app/hold-slot.ts';
import { moveAppointment } from '../app/move-appointment.ts';
import { BookUnsettled, type Refusal } from '../app/outcome.ts';
import { parsePatient, type Patient } from '../domain/patient.ts';
import type { AppointmentBook, AppointmentFacts, Channel, SlotFacts } from '../ports/appointment-book.ts';
import type { BookingChanges, StatusChange } from '../ports/booking-changes.ts';
import type { Booking, Bookings } from '../ports/bookings.ts';
import { checks, invalid } from './request-checks.ts';

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${appointments.AppointmentsService.typeName}/*`]: [
    'conversation-brain',
    'api-gateway',
    'campaigns',
    'standalone',
  ],
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const HOLD_MS = { default: 2 * MINUTE_MS, max: 10 * MINUTE_MS };

export interface AppointmentsRpcDeps {
  readonly book: AppointmentBook;
  readonly bookings: Bookings;
  readonly changes: BookingChanges;
  readonly cipher: Pick<FieldCipher, 'blindIndex'>;
  readonly newId: () => string;
  readonly now: () => number;
}

export function appointmentsRoutes(deps: AppointmentsRpcDeps): (router: ConnectRouter) => void {
  async function change(
    tenantId: string,
    q: { appointmentId: string; channel: events.BookingChannel; callId: string },
    to: StatusChange,
  ) {
    const check = checks();
    const appointmentId = check.uuid('appointment_id', q.appointmentId);
    const origin = originOf(q, check);
    check.done();
    const result = await settled(changeAppointment(deps, tenantId, { appointmentId, ...origin, change: to }));
    if (result.kind !== 'changed') throw refused(result);
    return { appointment: bookingMessage(result.booking) };
  }

  return (router) => {
    router.service(appointments.AppointmentsService, {
      async findSlots(q, ctx) {
        const check = checks();
        const fromMs = q.from ? check.instant('from', q.from) : deps.now();
        const query = {
          clinicId: check.uuid('clinic_id', q.clinicId),
          doctorId: q.doctorId ? check.uuid('doctor_id', q.doctorId) : undefined,
          department: q.department || undefined,
          fromMs,
          toMs: q.to ? check.instant('to', q.to) : fromMs + 14 * DAY_MS,
          limit: check.limit(q.limit, 500),
        };
        if (query.toMs < fromMs) check.problem('to must not be earlier than from');
        check.done();
        const found = await findSlots(deps, tenantOf(ctx), query);
        if (found.kind === 'not-found') throw refused(found);
        return { slots: found.slots.map(slotMessage), timeZone: found.timeZone };
      },

      async holdSlot(q, ctx) {
        const check = checks();
        const wish = {
          clinicId: check.uuid('clinic_id', q.clinicId),
          doctorId: check.uuid('doctor_id', q.doctorId),
          startMs: check.instant('start', q.start),
          ttlMs: ttlOf(q.ttl, check),
          holder: check.text('holder', q.holder, { min: 1, max: 200 }),
          idempotencyKey: check.text('idempotency_key', q.idempotencyKey, { min: 0, max: 200 }),
        };
        check.done();
        const result = await settled(holdSlot(deps, tenantOf(ctx), wish));
        if (result.kind !== 'held') throw refused(result);
        const { holdId, expiresAtMs, slot } = result.facts;
        return { holdId, expiresAt: timestampFromMs(expiresAtMs), slot: slotMessage(slot) };
      },

      async releaseHold(q, ctx) {
        const check = checks();
        const holdId = check.uuid('hold_id', q.holdId);
        check.done();
        await deps.book.release(tenantOf(ctx), holdId);
        return {};
      },

      async bookAppointment(q, ctx) {
        const check = checks();
        const patient = parsePatient(q.patient?.name ?? '', q.patient?.phone ?? '');
        const wish = {
          clinicId: check.uuid('clinic_id', q.clinicId),
          doctorId: check.uuid('doctor_id', q.doctorId),
          startMs: check.instant('start', q.start),
          idempotencyKey: check.text('idempotency_key', q.idempotencyKey, { min: 1, max: 200 }),
          holdId: q.holdId ? check.uuid('hold_id', q.holdId) : undefined,
          channel: channelOf(q.channel),
          callId: check.text('call_id', q.callId, { min: 0, max: 200 }),
        };
        if (!patient.ok) throw invalid([...check.problems, ...patient.problems]);
        check.done();
        const result = await settled(
          bookAppointment(deps, tenantOf(ctx), { ...wish, patient: patient.patient }),
        );
        if (result.kind !== 'booked') throw refused(result);
        return { appointment: appointmentMessage(result.facts, result.patient), replayed: result.replayed };
      },

      async getAppointment(q, ctx) {
        const check = checks();
        const appointmentId = check.uuid('appointment_id', q.appointmentId);
        check.done();
        const booking = await deps.bookings.find(tenantOf(ctx), appointmentId);
        if (!booking) throw refused({ kind: 'not-found', what: 'appointment' });
        return { appointment: bookingMessage(booking) };
      },

      async moveAppointment(q, ctx) {
        const check = checks();
        const wish = {
          appointmentId: check.uuid('appointment_id', q.appointmentId),
          doctorId: check.uuid('doctor_id', q.doctorId),
          startMs: check.instant('start', q.start),
          holdId: q.holdId ? check.uuid('hold_id', q.holdId) : undefined,
          idempotencyKey: check.text('idempotency_key', q.idempotencyKey, { min: 1, max: 200 }),
          ...originOf(q, check),
        };
        check.done();
        const result = await settled(moveAppointment(deps, tenantOf(ctx), wish));
        if (result.kind !== 'moved') throw refused(result);
        return { appointment: bookingMessage(result.booking), replayed: result.replayed };
      },

      cancelAppointment: (q, ctx) => change(tenantOf(ctx), q, 'cancelled'),
      confirmAppointment: (q, ctx) => change(tenantOf(ctx), q, 'confirmed'),

      async listAppointments(q, ctx) {
        const check = checks();
        const query = {
          ...(q.clinicId ? { clinicId: check.uuid('clinic_id', q.clinicId) } : {}),
          ...(q.from ? { fromMs: check.instant('from', q.from) } : {}),
          ...(q.to ? { toMs: check.instant('to', q.to) } : {}),
          ...(q.callId ? { callId: q.callId } : {}),
          ...(q.doctorId ? { doctorId: check.uuid('doctor_id', q.doctorId) } : {}),
          ...(q.patientPhone ? { patientPhone: Personal.of(q.patientPhone) } : {}),
          limit: check.limit(q.limit, 500),
        };
        check.done();
        const found = await deps.bookings.list(tenantOf(ctx), query);
        return { appointments: found.map(bookingMessage) };
      },
    });
  };
}

async function settled<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BookUnsettled) throw new ConnectError('contention, try again', Code.Aborted);
    throw error;
  }
}

/** A refusal as the caller sees it; programs read `reason` in the details (google.protobuf.Struct). */
function refused(refusal: Refusal): ConnectError {
  switch (refusal.kind) {
    case 'taken':
      return new ConnectError('the slot is taken', Code.AlreadyExists, undefined, [
        {
          desc: StructSchema,
          value: create(StructSchema, {
            fields: { reason: { kind: { case: 'stringValue', value: 'slot-taken' } } },
          }),
        },
      ]);
    case 'invalid':
      return invalid(refusal.problems);
    case 'not-found':
      return new ConnectError(`there is no such ${refusal.what}`, Code.NotFound);
    case 'closed':
      return new ConnectError(
        refusal.why === 'cancelled' ? 'the appointment is cancelled' : 'the appointment has begun already',
        Code.FailedPrecondition,
      );
    default:
      return refusal satisfies never;
  }
}

function ttlOf(ttl: Duration | undefined, check: ReturnType<typeof checks>): number {
  if (!ttl) return HOLD_MS.default;
  const ms = durationMs(ttl);
  if (!(ms > 0 && ms <= HOLD_MS.max)) check.problem('ttl must be positive and at most 10 minutes');
  return ms;
}

function channelOf(channel: events.BookingChannel): Channel {
  if (channel === events.BookingChannel.PHONE) return 'phone';
  if (channel === events.BookingChannel.STAFF) return 'staff';
  return 'unspecified';
}

function originOf(
  q: { channel: events.BookingChannel; callId: string },
  check: ReturnType<typeof checks>,
): { channel: Channel; callId: string } {
  return { channel: channelOf(q.channel), callId: check.text('call_id', q.callId, { min: 0, max: 200 }) };
}

function slotMessage(slot: SlotFacts) {
  return {
    doctorId: slot.doctorId,
    doctorName: slot.doctorName,
    department: slot.department,
    serviceId: slot.serviceId,
    start: timestampFromMs(slot.startMs),
    end: timestampFromMs(slot.endMs),
  };
}

function bookingMessage(booking: Booking) {
  const { confirmedAtMs, revision } = booking;
  return {
    ...appointmentMessage(booking, booking.patient),
    revision,
    ...(confirmedAtMs === undefined ? {} : { confirmedAt: timestampFromMs(confirmedAtMs) }),
  };
}

function appointmentMessage(facts: Omit<AppointmentFacts, 'clinicName'>, patient: Patient) {
  return {
    ...slotMessage(facts),
    appointmentId: facts.appointmentId,
    clinicId: facts.clinicId,
    timeZone: facts.timeZone,
    patient: { name: patient.name.reveal(), phone: patient.phone.reveal() },
    channel: channelToProto[facts.channel],
    callId: facts.callId,
    status: facts.status,
    revision: 1,
  };
}
