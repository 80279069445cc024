import pg from 'pg';
import type { Booked } from './prepare.ts';

const weeksMin = 2;
const weeksMax = 60;

/**
 * The appointments are over, and nobody came. No hospital can book into the past and no run can wait for two weeks, so
 * that much time passes here for them alone: whole weeks, at the same time of day, in the database. It is the one thing
 * of a run that no front desk could do.
 */
export async function letTimePass(databaseUrl: string, booked: readonly Booked[]): Promise<Booked[]> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const passed: Booked[] = [];
    for (const one of booked) {
      if (!one.slot) passed.push(one);
      else passed.push({ ...one, slot: { ...one.slot, start: await setBack(db, one.appointment) } });
    }
    return passed;
  } finally {
    await db.end();
  }
}

/** @returns when it was */
async function setBack(db: pg.Client, id: string): Promise<string> {
  for (let weeks = weeksMin; weeks <= weeksMax; weeks++) {
    try {
      // In one statement, so that the schedule and the appointment say the same. The clinic's clock may have been put back.
      const { rows } = await db.query<{ start: Date }>(
        `WITH moved AS (
           UPDATE appointments.bookings
              SET start_at = (start_at AT TIME ZONE time_zone - make_interval(weeks => $2)) AT TIME ZONE time_zone,
                  end_at = (end_at AT TIME ZONE time_zone - make_interval(weeks => $2)) AT TIME ZONE time_zone
            WHERE id = $1::uuid RETURNING id, start_at, end_at),
         occupied AS (
           UPDATE appointments.occupancy o SET during = tstzrange(moved.start_at, moved.end_at)
             FROM moved WHERE o.booking_id = moved.id)
         SELECT start_at AS start FROM moved`,
        [id, weeks],
      );
      const [row] = rows;
      if (!row) throw new Error(`there is no appointment ${id} in the database`);
      return row.start.toISOString();
    } catch (error) {
      // Somebody of an earlier run was there at that time.
      if (!(error instanceof pg.DatabaseError) || error.code !== '23P01') throw error;
    }
  }
  throw new Error(`appointment ${id} could not be set back`);
}
