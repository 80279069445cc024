import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { events } from '@wardline/contracts';
import { refusalOf } from '@wardline/rpc/testing';
import { harbour, patient, riverside, useAppointments } from '../testing/use-appointments.ts';

const [sharma, brown] = riverside.doctors;
if (!sharma || !brown) throw new Error('the demo has changed');
const { PHONE, STAFF } = events.BookingChannel;

const hospital = useAppointments();
const { us, newKey, slotsOf } = hospital;

const freeOf = async (doctorId: string, daysAhead: number) =>
  (await slotsOf(doctorId, daysAhead)).map((slot) => ({ doctorId, start: slot.start! }));

async function booked(daysAhead: number, at = 0) {
  const slot = (await freeOf(sharma!.doctorId, daysAhead))[at]!;
  const { appointment } = await us().bookAppointment({
    ...slot,
    clinicId: riverside.clinicId,
    patient,
    idempotencyKey: newKey(),
    channel: PHONE,
    callId: 'call-1',
  });
  return { appointment: appointment!, slot };
}

async function changesOf(appointmentId: string): Promise<string[]> {
  const { rows } = await hospital.app.admin.query<{ change: string }>(
    `SELECT data ->> 'change' AS change FROM appointments.outbox WHERE key = $1 ORDER BY id`,
    [appointmentId],
  );
  return rows.map(({ change }) => change.replace('APPOINTMENT_CHANGE_', ''));
}

const isFree = async (slot: { doctorId: string; start: { seconds: bigint } }, daysAhead: number) =>
  (await freeOf(slot.doctorId, daysAhead)).some((s) => s.start.seconds === slot.start.seconds);

describe('MoveAppointment', () => {
  it('takes the new slot and frees the old one, keeps who it is for, and takes the confirmation away', async () => {
    const { appointment, slot } = await booked(20);
    await us().confirmAppointment({ appointmentId: appointment.appointmentId, channel: PHONE });
    const to = (await freeOf(brown.doctorId, 20))[3]!;
    const key = newKey();
    const wish = { ...to, appointmentId: appointment.appointmentId, idempotencyKey: key, channel: STAFF };
    const moved = await us().moveAppointment(wish);
    expect(moved).toMatchObject({
      replayed: false,
      appointment: {
        doctorId: brown.doctorId,
        doctorName: brown.name,
        patient,
        revision: 3,
        status: 'booked',
      },
    });
    expect(moved.appointment?.confirmedAt).toBeUndefined();
    expect(timestampMs(moved.appointment!.start!)).toBe(timestampMs(to.start));
    expect(await isFree(slot, 20)).toBe(true);
    expect(await isFree(to, 20)).toBe(false);

    const again = await us().moveAppointment(wish);
    expect(again).toMatchObject({ replayed: true, appointment: { doctorId: brown.doctorId, patient } });
    expect(await changesOf(appointment.appointmentId)).toEqual(['BOOKED', 'CONFIRMED', 'MOVED']);
    expect((await us().getAppointment(wish)).appointment).toMatchObject({ callId: 'call-1', revision: 3 });
  });

  it('turns its own hold into the booking', async () => {
    const { appointment } = await booked(21);
    const to = (await freeOf(brown.doctorId, 21))[1]!;
    const { holdId } = await us().holdSlot({ ...to, clinicId: riverside.clinicId, holder: 'call-7' });
    const { appointmentId } = appointment;
    await us().moveAppointment({ ...to, appointmentId, holdId, idempotencyKey: newKey() });
    const { rows } = await hospital.app.admin.query(
      'SELECT kind FROM appointments.occupancy WHERE booking_id = $1',
      [appointmentId],
    );
    expect(rows).toEqual([{ kind: 'booking' }]);
  });

  it('leaves everything as it is when the new slot is taken', async () => {
    const { appointment, slot } = await booked(22);
    const other = await booked(22, 4);
    const { appointmentId } = appointment;
    const wish = { ...other.slot, appointmentId, idempotencyKey: newKey() };
    expect((await refusalOf(us().moveAppointment(wish))).code).toBe(Code.AlreadyExists);
    expect((await us().getAppointment({ appointmentId })).appointment).toMatchObject({ revision: 1 });
    expect(await isFree(slot, 22)).toBe(false);
  });

  it('gives one slot to one of eight who want to move into it, and the others keep theirs', async () => {
    const mine = [];
    for (let i = 0; i < 8; i++) mine.push(await booked(23));
    const to = (await freeOf(sharma.doctorId, 23))[6]!;
    const results = await Promise.allSettled(
      mine.map(({ appointment: { appointmentId } }) =>
        us().moveAppointment({ ...to, appointmentId, idempotencyKey: newKey() }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const places = await hospital.app.admin.query(
      'SELECT count(*)::int AS n FROM appointments.occupancy WHERE booking_id = ANY($1::uuid[])',
      [mine.map(({ appointment }) => appointment.appointmentId)],
    );
    expect(places.rows[0]).toEqual({ n: mine.length });
  });

  it('to its own time changes nothing', async () => {
    const { appointment, slot } = await booked(24);
    const { appointmentId } = appointment;
    await us().moveAppointment({ ...slot, appointmentId, idempotencyKey: newKey() });
    expect(await changesOf(appointmentId)).toEqual(['BOOKED']);
  });
});

describe('CancelAppointment and ConfirmAppointment', () => {
  it('frees the slot, once, and closes the appointment', async () => {
    const { appointment, slot } = await booked(25);
    const { appointmentId } = appointment;
    const cancel = () => us().cancelAppointment({ appointmentId, channel: PHONE, callId: 'call-2' });
    expect((await cancel()).appointment).toMatchObject({ status: 'cancelled', revision: 2 });
    expect((await cancel()).appointment).toMatchObject({ status: 'cancelled', revision: 2 });
    expect(await changesOf(appointmentId)).toEqual(['BOOKED', 'CANCELLED']);
    expect(await isFree(slot, 25)).toBe(true);
    expect((await refusalOf(us().confirmAppointment({ appointmentId }))).code).toBe(Code.FailedPrecondition);
    const move = us().moveAppointment({ ...slot, appointmentId, idempotencyKey: newKey() });
    expect((await refusalOf(move)).code).toBe(Code.FailedPrecondition);
  });

  it('twenty cancellations at once are one', async () => {
    const { appointment } = await booked(26);
    const { appointmentId } = appointment;
    await Promise.all(Array.from({ length: 20 }, () => us().cancelAppointment({ appointmentId })));
    expect(await changesOf(appointmentId)).toEqual(['BOOKED', 'CANCELLED']);
  });

  it('notes a confirmation once', async () => {
    const { appointment } = await booked(27);
    const { appointmentId } = appointment;
    const first = await us().confirmAppointment({ appointmentId, channel: PHONE });
    const second = await us().confirmAppointment({ appointmentId, channel: PHONE });
    expect(second.appointment?.confirmedAt).toEqual(first.appointment?.confirmedAt);
    expect(await changesOf(appointmentId)).toEqual(['BOOKED', 'CONFIRMED']);
  });

  it('does not touch what has begun', async () => {
    const { appointment } = await booked(1);
    const { appointmentId } = appointment;
    hospital.app.clock.offsetMs = 9 * 86_400_000;
    expect((await refusalOf(us().cancelAppointment({ appointmentId }))).code).toBe(Code.FailedPrecondition);
    expect((await refusalOf(us().confirmAppointment({ appointmentId }))).code).toBe(Code.FailedPrecondition);
  });
});

describe('walls', () => {
  it('an appointment of another hospital does not exist', async () => {
    const { appointment, slot } = await booked(28);
    const { appointmentId } = appointment;
    const them = hospital.app.as(harbour.tenantId);
    const asked = [
      them.getAppointment({ appointmentId }),
      them.cancelAppointment({ appointmentId }),
      them.confirmAppointment({ appointmentId }),
      them.moveAppointment({ ...slot, appointmentId, idempotencyKey: newKey() }),
    ];
    expect((await Promise.all(asked.map(refusalOf))).map(({ code }) => code)).toEqual(
      Array(4).fill(Code.NotFound),
    );
    expect((await us().getAppointment({ appointmentId })).appointment?.status).toBe('booked');
  });

  it('lists those of one number, and of one doctor', async () => {
    const slot = (await freeOf(brown.doctorId, 29))[0]!;
    const own = { name: 'Ada Lovelace', phone: '+12025550199' };
    await us().bookAppointment({
      ...slot,
      clinicId: riverside.clinicId,
      patient: own,
      idempotencyKey: newKey(),
    });
    const byPhone = await us().listAppointments({ patientPhone: own.phone });
    expect(byPhone.appointments.map((a) => a.patient?.name)).toEqual([own.name]);
    const byDoctor = await us().listAppointments({ doctorId: brown.doctorId, limit: 500 });
    expect(new Set(byDoctor.appointments.map((a) => a.doctorId))).toEqual(new Set([brown.doctorId]));
  });
});
