import { describeServiceSchema } from '@wardline/persistence/testing';
import pg from 'pg';
import { directorySchema } from './schema.ts';

const database = describeServiceSchema(directorySchema, {
  values: {
    clinic_numbers: { number: `'+1202555' || lpad((random() * 9999)::int::text, 4, '0')` },
    opening_hours: { from_minute: '0', to_minute: '60' },
    staff_users: { login: `gen_random_uuid()::text`, role: `'admin'`, phone: `''` },
  },
});

describe('what comes before a tenant is known', () => {
  const asService = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: database().url('wardline_directory') });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };

  it('answers exact matches only: patterns and nothing at all give nothing', () =>
    asService(async (client) => {
      for (const wanted of ['%', '', '+1%', null]) {
        expect((await client.query('SELECT * FROM directory.resolve_number($1)', [wanted])).rows).toEqual([]);
        expect((await client.query('SELECT * FROM directory.staff_by_login($1)', [wanted])).rows).toEqual([]);
      }
    }));

  it('gives its role no columns but those of the answers', async () => {
    const client = new pg.Client({ connectionString: database().url('wardline_directory_lookup') });
    await client.connect();
    try {
      for (const sql of [
        'SELECT * FROM directory.clinics',
        'SELECT * FROM directory.tenants',
        `DELETE FROM directory.clinic_numbers`,
      ]) {
        await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      await client.end();
    }
  });
});
