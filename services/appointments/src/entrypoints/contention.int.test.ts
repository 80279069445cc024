import { Code, ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { patient, riverside, useAppointments, wish } from '../testing/use-appointments.ts';

const doctors = riverside.doctors.map((d) => d.doctorId);
const hospital = useAppointments();
const { us, newKey, slotsOf } = hospital;

const slotsFrom = async (daysAhead: number, doctorId: string) =>
  (await slotsOf(doctorId, daysAhead)).map(wish);

type Answer<T> = { ok: T } | { code: Code };
const answerOf = async <T>(work: Promise<T>): Promise<Answer<T>> => {
  try {
    return { ok: await work };
  } catch (error) {
    return { code: ConnectError.from(error).code };
  }
};
const tally = (answers: Answer<unknown>[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const name = 'ok' in answer ? 'ok' : Code[answer.code];
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

describe('two hundred at once', () => {
  it('one wins the slot, everybody else is told that it is taken', async () => {
    const slot = (await slotsFrom(10, doctors[0]!))[0]!;
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        answerOf(us().bookAppointment({ ...slot, patient, idempotencyKey: newKey() })),
      ),
    );
    expect(tally(answers)).toEqual({ ok: 1, AlreadyExists: 199 });
  });

  it('one hold is given out', async () => {
    const slot = (await slotsFrom(10, doctors[1]!))[0]!;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => answerOf(us().holdSlot({ ...slot, holder: `caller-${i}` }))),
    );
    expect(tally(answers)).toEqual({ ok: 1, AlreadyExists: 199 });
  });

  it('with one key they get one booking and the same answer', async () => {
    const slot = (await slotsFrom(10, doctors[2]!))[0]!;
    const request = { ...slot, patient, idempotencyKey: newKey() };
    const answers = await Promise.all(Array.from({ length: 200 }, () => us().bookAppointment(request)));
    expect(new Set(answers.map((a) => a.appointment?.appointmentId)).size).toBe(1);
    expect(answers.filter((a) => !a.replayed)).toHaveLength(1);
  });

  it('an expired hold in the way is cleared by one of them', async () => {
    const slot = (await slotsFrom(11, doctors[0]!))[0]!;
    hospital.app.clock.offsetMs = -600_000;
    await us().holdSlot({ ...slot, holder: 'gone', ttl: { seconds: 30n, nanos: 0 } });
    hospital.app.clock.offsetMs = 0;
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        answerOf(us().bookAppointment({ ...slot, patient, idempotencyKey: newKey() })),
      ),
    );
    expect(tally(answers)).toEqual({ ok: 1, AlreadyExists: 199 });
  });
});

it('a holder who holds twice at once ends with one hold', async () => {
  const slots = (await slotsFrom(17, doctors[0]!)).slice(0, 10);
  const answers = await Promise.all(
    slots.map((slot) => answerOf(us().holdSlot({ ...slot, holder: 'twice' }))),
  );
  // Whoever lost the race looks again and replaces; giving up after several rounds is an honest answer too.
  expect(answers.every((a) => 'ok' in a || a.code === Code.Aborted)).toBe(true);
  const { rows } = await hospital.app.admin.query(
    `SELECT id FROM appointments.occupancy WHERE holder = 'twice'`,
  );
  expect(rows).toHaveLength(1);
});

it('a hold that is booked and released at once is either', async () => {
  for (const slot of (await slotsFrom(24, doctors[1]!)).slice(0, 20)) {
    const { holdId } = await us().holdSlot({ ...slot, holder: 'racer' });
    const [booked] = await Promise.all([
      us().bookAppointment({ ...slot, patient, holdId, idempotencyKey: newKey() }),
      us().releaseHold({ holdId }),
    ]);
    const { rows } = await hospital.app.admin.query(
      'SELECT kind FROM appointments.occupancy WHERE booking_id = $1',
      [booked.appointment?.appointmentId],
    );
    expect(rows).toEqual([{ kind: 'booking' }]);
  }
});

it('whatever is done at once, no two live occupancies overlap and every booking answered is there', async () => {
  const slots = (await Promise.all(doctors.map((d) => slotsFrom(40, d)))).flatMap((s) => s.slice(0, 3));
  const command = fc.record({
    what: fc.constantFrom('hold', 'book', 'book-held', 'release'),
    slot: fc.constantFrom(...slots),
    holder: fc.constantFrom('h1', 'h2', 'h3'),
    seconds: fc.constantFrom(1n, 60n),
  });
  const held = new Map<string, string>();
  const answered = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 30 }), async (commands) => {
      const answers = await Promise.all(
        commands.map(({ what, slot, holder, seconds }) => {
          const holdId = held.get(holder) ?? '';
          if (what === 'hold') {
            return answerOf(
              us()
                .holdSlot({ ...slot, holder, ttl: { seconds, nanos: 0 } })
                .then((hold) => void held.set(holder, hold.holdId)),
            );
          }
          if (what === 'release')
            return answerOf(
              us()
                .releaseHold({ holdId: holdId || slot.doctorId })
                .then(() => {}),
            );
          const withHold = what === 'book-held' && holdId ? { holdId } : {};
          return answerOf(
            us()
              .bookAppointment({ ...slot, patient, idempotencyKey: newKey(), ...withHold })
              .then((booked) => void answered.add(booked.appointment!.appointmentId)),
          );
        }),
      );
      // InvalidArgument: the hold was for another slot.
      const expected = new Set(['ok', 'AlreadyExists', 'InvalidArgument', 'Aborted']);
      expect(Object.keys(tally(answers)).filter((name) => !expected.has(name))).toEqual([]);
      const overlaps = await hospital.app.admin.query(`
        SELECT a.id FROM appointments.occupancy a JOIN appointments.occupancy b
          ON a.id < b.id AND a.tenant_id = b.tenant_id AND a.doctor_id = b.doctor_id AND a.during && b.during`);
      expect(overlaps.rows).toEqual([]);
      const bookings = await hospital.app.admin.query<{ id: string }>(`
        SELECT b.id FROM appointments.bookings b JOIN appointments.occupancy o ON o.booking_id = b.id
          AND o.during = tstzrange(b.start_at, b.end_at) JOIN appointments.outbox e ON e.key = b.id::text`);
      const there = new Set(bookings.rows.map((row) => row.id));
      expect([...answered].filter((id) => !there.has(id))).toEqual([]);
      const { rows } = await hospital.app.admin.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM appointments.bookings',
      );
      expect(rows[0]?.n).toBe(there.size);
      // The next run begins with free slots again.
      await hospital.app.admin.query(
        `DELETE FROM appointments.occupancy WHERE lower(during) > now() + interval '39 days'`,
      );
      await hospital.app.admin.query(
        `DELETE FROM appointments.bookings WHERE start_at > now() + interval '39 days'`,
      );
      answered.clear();
    }),
    { numRuns: 15 },
  );
}, 180_000);
