import { StructSchema, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { Code, type ConnectError } from '@connectrpc/connect';
import { events } from '@wardline/contracts';
import { refusalOf } from '@wardline/rpc/testing';
import { harbour, patient, riverside, useAppointments, wish } from '../testing/use-appointments.ts';

const [sharma, , miller] = riverside.doctors;
if (!sharma || !miller) throw new Error('the demo has changed');

const hospital = useAppointments();
const { us, newKey, slotsOf } = hospital;

const reasonOf = (error: ConnectError): unknown =>
  error.findDetails(StructSchema)[0]?.fields['reason']?.kind.value;

describe('FindSlots', () => {
  it('offers slots of every doctor in the clinic’s zone, earliest first', async () => {
    const { slots, timeZone } = await us().findSlots({ clinicId: riverside.clinicId, limit: 500 });
    expect(timeZone).toBe('America/New_York');
    expect(new Set(slots.map((s) => s.doctorName))).toEqual(new Set(riverside.doctors.map((d) => d.name)));
    const starts = slots.map((s) => timestampMs(s.start!));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThanOrEqual(Date.now() + 4 * 60_000);
  });

  it('finds by department, whatever its case', async () => {
    const { slots } = await us().findSlots({ clinicId: riverside.clinicId, department: 'DERMATOLOGY' });
    expect(slots.length).toBeGreaterThan(0);
    expect(new Set(slots.map((s) => s.doctorId))).toEqual(new Set([miller.doctorId]));
  });

  it('respects a day off and extra hours', async () => {
    const first = (await slotsOf(miller.doctorId, 30))[0]!;
    const date = new Date(timestampMs(first.start!)).toISOString().slice(0, 10);
    await hospital.app.service.schedules.addException(riverside.tenantId, {
      doctorId: miller.doctorId,
      date,
      kind: 'off',
      fromMinute: 0,
      toMinute: 1440,
    });
    await hospital.app.service.schedules.addException(riverside.tenantId, {
      doctorId: miller.doctorId,
      date,
      kind: 'extra',
      fromMinute: 7 * 60,
      toMinute: 8 * 60,
    });
    const after = (await slotsOf(miller.doctorId, 29)).filter(
      (s) => new Date(timestampMs(s.start!)).toISOString().slice(0, 10) === date,
    );
    expect(after).toHaveLength(2);
    const off = await refusalOf(us().bookAppointment({ ...wish(first), patient, idempotencyKey: newKey() }));
    expect(off.code).toBe(Code.InvalidArgument);
  });

  it('does not know the clinic of another tenant', async () => {
    const error = await refusalOf(us().findSlots({ clinicId: harbour.clinicId }));
    expect(error.code).toBe(Code.NotFound);
  });
});

describe('BookAppointment', () => {
  it('books, takes the slot away, and announces it in the same transaction with the patient sealed', async () => {
    const slot = (await slotsOf(sharma.doctorId, 10))[0]!;
    const { appointment, replayed } = await us().bookAppointment({
      ...wish(slot),
      patient: { name: '  Maria   Lopez ', phone: patient.phone },
      idempotencyKey: newKey(),
      channel: events.BookingChannel.PHONE,
      callId: 'call-1',
    });
    expect(replayed).toBe(false);
    expect(appointment).toMatchObject({
      doctorName: sharma.name,
      department: 'Cardiology',
      serviceId: sharma.serviceId,
      timeZone: 'America/New_York',
      patient,
      callId: 'call-1',
      status: 'booked',
    });
    const gone = await slotsOf(sharma.doctorId, 9);
    expect(gone.some((s) => s.start?.seconds === slot.start?.seconds)).toBe(false);

    const { rows } = await hospital.app.admin.query(`SELECT * FROM appointments.outbox WHERE key = $1`, [
      appointment?.appointmentId,
    ]);
    expect(rows).toHaveLength(1);
    const event = rows[0].data;
    expect(event).toMatchObject({
      change: 'APPOINTMENT_CHANGE_BOOKED',
      clinicName: 'Riverside Clinic',
      callId: 'call-1',
    });
    const opened = hospital.app.cipher.open(
      riverside.tenantId,
      event.patientPhone.sealed,
      'appointments.changed/patient_phone',
    );
    expect(opened.reveal()).toBe(patient.phone);

    // Nothing in any of our tables, nor in the log, shows who it was.
    for (const table of ['bookings', 'occupancy', 'idempotency', 'outbox']) {
      const all = JSON.stringify(
        (await hospital.app.admin.query(`SELECT * FROM appointments.${table}`)).rows,
      );
      expect(all).not.toContain(patient.phone);
      expect(all).not.toContain('Lopez');
    }
    expect(hospital.app.logger.text()).not.toContain('Lopez');
  });

  it('says that a taken slot is taken, in a way programs can read', async () => {
    const slot = (await slotsOf(sharma.doctorId, 10))[0]!;
    await us().bookAppointment({ ...wish(slot), patient, idempotencyKey: newKey() });
    const error = await refusalOf(us().bookAppointment({ ...wish(slot), patient, idempotencyKey: newKey() }));
    expect(error.code).toBe(Code.AlreadyExists);
    expect(reasonOf(error)).toBe('slot-taken');
  });

  it('gives the first answer again for the same key, and refuses the key for another content', async () => {
    const [slot, other] = await slotsOf(sharma.doctorId, 12);
    const request = { ...wish(slot!), patient, idempotencyKey: newKey(), callId: 'call-2' };
    const first = await us().bookAppointment(request);
    const second = await us().bookAppointment(request);
    expect(second.replayed).toBe(true);
    expect(second.appointment).toEqual(first.appointment);

    for (const change of [
      wish(other!),
      { patient: { ...patient, name: 'Someone Else' } },
      { callId: 'call-3' },
    ]) {
      const error = await refusalOf(us().bookAppointment({ ...request, ...change }));
      expect([error.code, error.rawMessage]).toEqual([
        Code.InvalidArgument,
        'idempotency_key was used before with another content',
      ]);
    }
    const { rows } = await hospital.app.admin.query(
      'SELECT * FROM appointments.bookings WHERE call_id = $1',
      ['call-2'],
    );
    expect(rows).toHaveLength(1);
  });

  it('keeps keys of different tenants apart', async () => {
    const key = newKey();
    const slot = (await slotsOf(sharma.doctorId, 12))[0]!;
    await us().bookAppointment({ ...wish(slot), patient, idempotencyKey: key });
    const doctor = harbour.doctors[0]!;
    const theirs = (await slotsOf(doctor.doctorId, 12, { clinic: harbour }))[0]!;
    const booked = await hospital.app.as(harbour.tenantId).bookAppointment({
      ...wish(theirs),
      clinicId: harbour.clinicId,
      patient,
      idempotencyKey: key,
    });
    expect(booked.replayed).toBe(false);
  });

  it('does not remember that a slot was taken: the key serves again when the slot is free', async () => {
    const slot = (await slotsOf(sharma.doctorId, 13))[0]!;
    const { holdId } = await us().holdSlot({ ...wish(slot), holder: 'other' });
    const key = newKey();
    const refused = await refusalOf(us().bookAppointment({ ...wish(slot), patient, idempotencyKey: key }));
    expect(refused.code).toBe(Code.AlreadyExists);
    await us().releaseHold({ holdId });
    const { replayed } = await us().bookAppointment({ ...wish(slot), patient, idempotencyKey: key });
    expect(replayed).toBe(false);
  });

  it.each([
    [
      'a start between two slots',
      (ms: number) => ({ start: timestampFromMs(ms + 10 * 60_000) }),
      'start is not the beginning of a slot',
    ],
    [
      'a start at night',
      (ms: number) => ({ start: timestampFromMs(ms - (ms % 86_400_000) + 8 * 3_600_000) }),
      "start is outside the doctor's working hours",
    ],
    [
      'a start in the past',
      () => ({ start: timestampFromMs(Date.now() - 7 * 86_400_000) }),
      'start lies in the past',
    ],
    [
      'a national number',
      () => ({ patient: { ...patient, phone: '2025550143' } }),
      'patient.phone must be an E.164 number such as +12025550143',
    ],
    [
      'a blank name',
      () => ({ patient: { ...patient, name: '  ' } }),
      'patient.name must have 1 to 120 characters',
    ],
    [
      'a long name',
      () => ({ patient: { ...patient, name: 'x'.repeat(121) } }),
      'patient.name must have 1 to 120 characters',
    ],
    ['no key', () => ({ idempotencyKey: '' }), 'idempotency_key must have 1 to 200 characters'],
    [
      'a long key',
      () => ({ idempotencyKey: 'k'.repeat(201) }),
      'idempotency_key must have 1 to 200 characters',
    ],
    ['no start', () => ({ start: undefined }), 'start must be an instant'],
  ])('refuses %s and says what is wrong', async (_name, change, problem) => {
    const slot = (await slotsOf(miller.doctorId, 14))[0]!;
    const request = { ...wish(slot), patient, idempotencyKey: newKey(), ...change(timestampMs(slot.start!)) };
    const error = await refusalOf(
      us().bookAppointment(request as Parameters<ReturnType<typeof us>['bookAppointment']>[0]),
    );
    expect([error.code, error.rawMessage]).toEqual([Code.InvalidArgument, problem]);
  });

  it('does not find a doctor of another tenant', async () => {
    const slot = (await slotsOf(harbour.doctors[0]!.doctorId, 12, { clinic: harbour }))[0]!;
    const error = await refusalOf(us().bookAppointment({ ...wish(slot), patient, idempotencyKey: newKey() }));
    expect([error.code, error.rawMessage]).toEqual([Code.NotFound, 'there is no such doctor']);
  });
});

describe('ListAppointments', () => {
  it('gives a call’s appointments, and a period’s by start', async () => {
    const [a, b] = await slotsOf(miller.doctorId, 20);
    for (const [slot, callId] of [
      [b!, 'call-20'],
      [a!, 'call-21'],
    ] as const) {
      await us().bookAppointment({ ...wish(slot), patient, idempotencyKey: newKey(), callId });
    }
    const ofCall = await us().listAppointments({ clinicId: riverside.clinicId, callId: 'call-20' });
    expect(ofCall.appointments).toMatchObject([{ callId: 'call-20', patient }]);
    const period = await us().listAppointments({
      clinicId: riverside.clinicId,
      from: a!.start!,
      to: b!.end!,
    });
    expect(period.appointments.map((p) => p.callId)).toEqual(['call-21', 'call-20']);
    const theirs = await hospital.app.as(harbour.tenantId).listAppointments({ callId: 'call-20' });
    expect(theirs.appointments).toEqual([]);
  });
});

describe('who may ask', () => {
  it.each(['telephony-gateway', 'notifications'])('%s may not', async (caller) => {
    const error = await refusalOf(
      hospital.app.clientAs(caller).forTenant(riverside.tenantId).findSlots({ clinicId: riverside.clinicId }),
    );
    expect(error.code).toBe(Code.PermissionDenied);
  });

  it('nobody may without a tenant', async () => {
    const error = await refusalOf(
      hospital.app.clientAs('api-gateway').withoutTenant().findSlots({ clinicId: riverside.clinicId }),
    );
    expect(error.code).toBe(Code.PermissionDenied);
  });
});
