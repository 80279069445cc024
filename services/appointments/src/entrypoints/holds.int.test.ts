import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { refusalOf } from '@wardline/rpc/testing';
import { patient, riverside, useAppointments, wish } from '../testing/use-appointments.ts';

const [, brown] = riverside.doctors;
if (!brown) throw new Error('the demo has changed');

const hospital = useAppointments();
const { us, newKey, slotsOf } = hospital;

describe('holds', () => {
  it('keep a slot for one holder and are replaced by the same holder’s next one', async () => {
    const [a, b] = await slotsOf(brown.doctorId, 10);
    const first = await us().holdSlot({ ...wish(a!), holder: 'call-10' });
    expect(timestampMs(first.expiresAt!)).toBeGreaterThan(Date.now() + 60_000);
    expect((await refusalOf(us().holdSlot({ ...wish(a!), holder: 'call-11' }))).code).toBe(
      Code.AlreadyExists,
    );
    expect(
      (await refusalOf(us().bookAppointment({ ...wish(a!), patient, idempotencyKey: newKey() }))).code,
    ).toBe(Code.AlreadyExists);

    await us().holdSlot({ ...wish(b!), holder: 'call-10' });
    const free = await slotsOf(brown.doctorId, 9);
    const starts = free.map((s) => s.start?.seconds);
    expect([starts.includes(a!.start?.seconds), starts.includes(b!.start?.seconds)]).toEqual([true, false]);
  });

  it('become the booking they were taken for', async () => {
    const slot = (await slotsOf(brown.doctorId, 11))[0]!;
    const { holdId } = await us().holdSlot({ ...wish(slot), holder: 'call-12' });
    const { appointment } = await us().bookAppointment({
      ...wish(slot),
      patient,
      holdId,
      idempotencyKey: newKey(),
    });
    const { rows } = await hospital.app.admin.query('SELECT * FROM appointments.occupancy WHERE id = $1', [
      holdId,
    ]);
    expect(rows).toMatchObject([
      { kind: 'booking', holder: null, expires_at: null, booking_id: appointment?.appointmentId },
    ]);
    // Releasing what has become a booking releases nothing.
    await us().releaseHold({ holdId });
    expect((await refusalOf(us().holdSlot({ ...wish(slot), holder: 'call-13' }))).code).toBe(
      Code.AlreadyExists,
    );
  });

  it('are cleared by whoever wants the slot once they have run out', async () => {
    const slot = (await slotsOf(brown.doctorId, 12))[0]!;
    await us().holdSlot({ ...wish(slot), holder: 'call-14', ttl: { seconds: 60n, nanos: 0 } });
    hospital.app.clock.offsetMs = 59_000;
    expect(
      (await refusalOf(us().bookAppointment({ ...wish(slot), patient, idempotencyKey: newKey() }))).code,
    ).toBe(Code.AlreadyExists);
    hospital.app.clock.offsetMs = 61_000;
    const { appointment } = await us().bookAppointment({ ...wish(slot), patient, idempotencyKey: newKey() });
    expect(appointment?.status).toBe('booked');
  });

  it('serve even after they have been swept, while the slot is free', async () => {
    const slot = (await slotsOf(brown.doctorId, 13))[0]!;
    const { holdId } = await us().holdSlot({ ...wish(slot), holder: 'call-15' });
    await us().releaseHold({ holdId });
    const { appointment } = await us().bookAppointment({
      ...wish(slot),
      patient,
      holdId,
      idempotencyKey: newKey(),
    });
    expect(appointment?.status).toBe('booked');
  });

  it('are no ticket for another slot', async () => {
    const [a, b] = await slotsOf(brown.doctorId, 14);
    const { holdId } = await us().holdSlot({ ...wish(a!), holder: 'call-16' });
    const error = await refusalOf(
      us().bookAppointment({ ...wish(b!), patient, holdId, idempotencyKey: newKey() }),
    );
    expect([error.code, error.rawMessage]).toEqual([
      Code.InvalidArgument,
      'hold_id is a hold of another slot',
    ]);
  });

  it('are repeated by their key', async () => {
    const slot = (await slotsOf(brown.doctorId, 15))[0]!;
    const request = { ...wish(slot), holder: 'call-17', idempotencyKey: newKey() };
    const first = await us().holdSlot(request);
    expect(await us().holdSlot(request)).toEqual(first);
    expect((await refusalOf(us().holdSlot({ ...request, holder: 'call-18' }))).code).toBe(
      Code.InvalidArgument,
    );
  });

  it.each([
    ['longer than ten minutes', { ttl: { seconds: 601n, nanos: 0 } }],
    ['of no length', { ttl: { seconds: 0n, nanos: 0 } }],
    ['of nobody', { holder: '' }],
  ])('%s are refused', async (_name, change) => {
    const slot = (await slotsOf(brown.doctorId, 16))[0]!;
    const error = await refusalOf(us().holdSlot({ ...wish(slot), holder: 'call-19', ...change }));
    expect(error.code).toBe(Code.InvalidArgument);
  });
});
