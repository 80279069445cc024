import { createSilentLogger } from '@wardline/observability';
import { openAppointmentsDatabase } from '../adapters/postgres/appointments-database.ts';
import { createPostgresSweeper } from '../adapters/postgres/postgres-sweeper.ts';
import { riverside, useAppointments, wish } from '../testing/use-appointments.ts';

const doctorId = riverside.doctors[1]!.doctorId;
const patientOf = (i: number) => ({
  name: `Patient ${i}`,
  phone: `+120255501${String(i % 100).padStart(2, '0')}`,
});

const hospital = useAppointments();

const slotsFrom = async (daysAhead: number) =>
  (await hospital.slotsOf(doctorId, daysAhead, { days: 30 })).map(wish);

it('moves every row to the new key while bookings go on, and loses none', async () => {
  const us = hospital.us();
  const slots = (await slotsFrom(5)).slice(0, 160);
  const book = (i: number) =>
    us.bookAppointment({ ...slots[i]!, patient: patientOf(i), idempotencyKey: `reseal-${i}` });
  for (let i = 0; i < 120; i += 8) await Promise.all(Array.from({ length: 8 }, (_, j) => book(i + j)));

  const before = hospital.app.keyring.keyIds(riverside.tenantId);
  const { keyId } = hospital.app.keyring.rotate(riverside.tenantId);
  const [moved] = await Promise.all([
    hospital.app.service.reseal(riverside.tenantId),
    ...Array.from({ length: 40 }, (_, i) => book(120 + i)),
  ]);
  // Those booked before the rotation; a booking that was sealed just before it may be one of the later ones.
  expect(moved).toBeGreaterThanOrEqual(120);
  await hospital.app.service.reseal(riverside.tenantId);
  const { rows } = await hospital.app.admin.query<{ name: string; phone: string }>(
    'SELECT patient_name_sealed AS name, patient_phone_sealed AS phone FROM appointments.bookings',
  );
  expect(rows).toHaveLength(160);
  expect(before).not.toContain(keyId);
  expect(rows.every((row) => row.name.startsWith(`${keyId}.`) && row.phone.startsWith(`${keyId}.`))).toBe(
    true,
  );
  const { appointments } = await us.listAppointments({ clinicId: riverside.clinicId, limit: 500 });
  const names = new Set(appointments.map((a) => a.patient?.name));
  expect(names).toEqual(new Set(Array.from({ length: 160 }, (_, i) => patientOf(i).name)));
  // What was sealed with the old key still opens elsewhere, and a replay does not notice.
  expect((await book(3)).replayed).toBe(true);
});

it('sweeps expired holds and old idempotency records of all tenants, and nothing that is alive', async () => {
  const us = hospital.us();
  const [a, b, c] = await slotsFrom(60);
  hospital.app.clock.offsetMs = -600_000;
  await us.holdSlot({ ...a!, holder: 'expired', idempotencyKey: 'old' });
  hospital.app.clock.offsetMs = 0;
  await us.holdSlot({ ...b!, holder: 'alive', idempotencyKey: 'new' });
  await us.bookAppointment({ ...c!, patient: patientOf(1), idempotencyKey: 'kept' });
  await hospital.app.admin.query(
    `UPDATE appointments.idempotency SET created_at = now() - interval '49 hours' WHERE key = 'old'`,
  );

  const database = openAppointmentsDatabase(
    hospital.app.database.url('wardline_appointments'),
    createSilentLogger(),
    1,
  );
  try {
    const sweeper = createPostgresSweeper(database);
    // How many depends on whether the service's own sweep came first.
    await sweeper.sweep();
    expect(await sweeper.sweep()).toEqual({ holds: 0, idempotencyRecords: 0 });
  } finally {
    await database.close();
  }
  const holders = await hospital.app.admin.query(
    `SELECT holder FROM appointments.occupancy WHERE kind = 'hold'`,
  );
  expect(holders.rows).toEqual([{ holder: 'alive' }]);
  const keys = await hospital.app.admin.query(
    `SELECT key FROM appointments.idempotency WHERE key IN ('old', 'new', 'kept')`,
  );
  expect(keys.rows.map((row) => row.key).sort()).toEqual(['kept', 'new']);
});
