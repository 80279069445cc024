import { timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import type { appointments } from '@wardline/contracts';
import { events } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import type { RpcClient } from '@wardline/rpc';
import type { AppointmentFacts, Slot } from '../../domain/state.ts';
import type { AppointmentBook, BookFailure } from '../../ports/appointment-book.ts';
import { patiently } from './patience.ts';

const findMs = 3_000;
const writeMs = 4_000;
/** Long enough for the name and the read-back; "booking clears expired holds" is appointments' own rule. */
const holdSeconds = 300n;
/** A fortnight of one doctor's ten-minute slots fits. */
const slotsMax = 500;

/** appointments, by RPC. */
export function createRpcAppointmentBook(
  client: RpcClient<typeof appointments.AppointmentsService>,
  logger: Logger,
): AppointmentBook {
  const failed = (error: unknown, method: string): BookFailure | { kind: 'taken' } => {
    const kind = failureOf(error);
    if (kind !== 'taken') logger.warn('the schedule did not answer as hoped', { err: error, method, kind });
    return { kind };
  };
  const notTaken = (failure: BookFailure | { kind: 'taken' }): BookFailure =>
    failure.kind === 'taken' ? { kind: 'refused' } : failure;

  return {
    async findSlots(tenantId, { clinicId, who, fromMs, toMs }) {
      try {
        const answer = await client.forTenant(tenantId).findSlots(
          {
            clinicId,
            doctorId: who.kind === 'doctor' ? who.doctorId : '',
            department: who.kind === 'department' ? who.department : '',
            from: timestampFromMs(fromMs),
            to: timestampFromMs(toMs),
            limit: slotsMax,
          },
          { timeoutMs: findMs },
        );
        return { kind: 'slots', slots: answer.slots.map(slotOf) };
      } catch (error) {
        return notTaken(failed(error, 'FindSlots'));
      }
    },
    async hold(tenantId, { clinicId, slot, holder, key }) {
      try {
        const answer = await client.forTenant(tenantId).holdSlot(
          {
            clinicId,
            doctorId: slot.doctorId,
            start: timestampFromMs(slot.startMs),
            ttl: { seconds: holdSeconds, nanos: 0 },
            holder,
            idempotencyKey: key,
          },
          { timeoutMs: writeMs },
        );
        return { kind: 'held', holdId: answer.holdId };
      } catch (error) {
        return failed(error, 'HoldSlot');
      }
    },
    async release(tenantId, holdId) {
      await client.forTenant(tenantId).releaseHold({ holdId }, { timeoutMs: writeMs });
    },
    async book(tenantId, { clinicId, callId, slot, holdId, name, phone, key }) {
      try {
        await client.forTenant(tenantId).bookAppointment(
          {
            clinicId,
            doctorId: slot.doctorId,
            start: timestampFromMs(slot.startMs),
            patient: { name, phone },
            idempotencyKey: key,
            holdId,
            channel: events.BookingChannel.PHONE,
            callId,
          },
          { timeoutMs: writeMs },
        );
        return { kind: 'done' };
      } catch (error) {
        const failure = failed(error, 'BookAppointment');
        // The key already stands for another booking: an earlier commit of this call may well have happened, so that
        // "it certainly did not" would be more than we know.
        return ConnectError.from(error).code === Code.InvalidArgument ? { kind: 'lost' } : failure;
      }
    },
    async appointment(tenantId, appointmentId) {
      try {
        const { appointment } = await patiently(() =>
          client.forTenant(tenantId).getAppointment({ appointmentId }, { timeoutMs: findMs }),
        );
        return appointment ? { kind: 'found', appointment: factsOf(appointment) } : { kind: 'unknown' };
      } catch (error) {
        if (ConnectError.from(error).code === Code.NotFound) return { kind: 'unknown' };
        return notTaken(failed(error, 'GetAppointment'));
      }
    },
    async move(tenantId, { appointmentId, callId, slot, holdId, key }) {
      try {
        await client.forTenant(tenantId).moveAppointment(
          {
            appointmentId,
            doctorId: slot.doctorId,
            start: timestampFromMs(slot.startMs),
            holdId,
            idempotencyKey: key,
            channel: events.BookingChannel.PHONE,
            callId,
          },
          { timeoutMs: writeMs },
        );
        return { kind: 'done' };
      } catch (error) {
        const failure = failed(error, 'MoveAppointment');
        // As with a booking: an earlier move of this call may have happened under that key.
        return ConnectError.from(error).code === Code.InvalidArgument ? { kind: 'lost' } : failure;
      }
    },
    async confirm(tenantId, { appointmentId, callId }) {
      try {
        const channel = events.BookingChannel.PHONE;
        await client
          .forTenant(tenantId)
          .confirmAppointment({ appointmentId, channel, callId }, { timeoutMs: writeMs });
        return { kind: 'done' };
      } catch (error) {
        return notTaken(failed(error, 'ConfirmAppointment'));
      }
    },
    async cancel(tenantId, { appointmentId, callId }) {
      try {
        const channel = events.BookingChannel.PHONE;
        await client
          .forTenant(tenantId)
          .cancelAppointment({ appointmentId, channel, callId }, { timeoutMs: writeMs });
        return { kind: 'done' };
      } catch (error) {
        return notTaken(failed(error, 'CancelAppointment'));
      }
    },
  };
}

function factsOf(appointment: appointments.Appointment): AppointmentFacts {
  if (!appointment.start) throw new Error('an appointment without a start');
  return {
    appointmentId: appointment.appointmentId,
    doctorId: appointment.doctorId,
    doctorName: appointment.doctorName,
    department: appointment.department,
    startMs: timestampDate(appointment.start).getTime(),
    status: appointment.status === 'cancelled' ? 'cancelled' : 'booked',
    confirmed: appointment.confirmedAt !== undefined,
  };
}

function slotOf(slot: appointments.Slot): Slot {
  if (!slot.start || !slot.end) throw new Error('a slot without start or end');
  return {
    doctorId: slot.doctorId,
    doctorName: slot.doctorName,
    department: slot.department,
    startMs: timestampDate(slot.start).getTime(),
    endMs: timestampDate(slot.end).getTime(),
  };
}

/** Codes by which the other side says that nothing was written. Everything else may have had its effect. */
const refusals: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.PermissionDenied,
  Code.Unauthenticated,
  Code.Unimplemented,
  Code.ResourceExhausted,
]);

export function failureOf(error: unknown): BookFailure['kind'] | 'taken' {
  const { code } = ConnectError.from(error);
  if (code === Code.AlreadyExists) return 'taken';
  return refusals.has(code) ? 'refused' : 'lost';
}
