import { describeServiceSchema } from '@wardline/persistence/testing';
import pg from 'pg';
import { appointmentsSchema } from './schema.ts';

const database = describeServiceSchema(appointmentsSchema, {
  values: {
    services: { duration_minutes: '30' },
    exceptions: { kind: `'off'`, from_minute: '0', to_minute: '60' },
    working_hours: { from_minute: '0', to_minute: '60' },
    bookings: { channel: `'phone'`, status: `'booked'` },
    occupancy: { kind: `'hold'`, holder: `'somebody'`, expires_at: `now() + interval '1 minute'` },
  },
});

describe('the sweeper', () => {
  const sweeper = async (work: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = new pg.Client({ connectionString: database().url('wardline_appointments_sweeper') });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };

  it.each(['bookings', 'services', 'outbox'])('cannot read %s', (table) =>
    sweeper(async (client) => {
      await expect(client.query(`SELECT * FROM appointments.${table}`)).rejects.toMatchObject({
        code: '42501',
      });
    }),
  );

  it('sees neither live holds nor who holds', () =>
    sweeper(async (client) => {
      // The rows of the isolation test are live holds.
      expect((await client.query('SELECT id FROM appointments.occupancy')).rowCount).toBe(0);
      expect((await client.query(`DELETE FROM appointments.occupancy WHERE kind = 'hold'`)).rowCount).toBe(0);
      await expect(client.query('SELECT holder FROM appointments.occupancy')).rejects.toMatchObject({
        code: '42501',
      });
    }));
});
