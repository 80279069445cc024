import { describeServiceSchema } from '@wardline/persistence/testing';
import pg from 'pg';
import { patientsSchema } from './schema.ts';

const database = describeServiceSchema(patientsSchema, {
  values: {
    people: { name_sealed: `'sealed'`, name_key: 'gen_random_uuid()::text' },
    consent_entries: { change: `'opted-out'`, asked_number_key: `'key'` },
    consent_numbers: { change: `'opted-out'`, position: '(random() * 1e9)::bigint' },
  },
});

describe('the ledger', () => {
  it.each(['consent_entries', 'consent_numbers'])(
    'can be added to and read, never changed: %s',
    async (table) => {
      const role = new pg.Client({ connectionString: database().url(patientsSchema.role) });
      await role.connect();
      try {
        for (const statement of [
          `UPDATE patients.${table} SET change = 'opted-in'`,
          `DELETE FROM patients.${table}`,
          `TRUNCATE patients.${table}`,
        ]) {
          await expect(role.query(statement)).rejects.toMatchObject({ code: '42501' });
        }
        const { rows } = await role.query<{ privilege_type: string }>(
          `SELECT privilege_type FROM information_schema.role_table_grants
          WHERE table_schema = 'patients' AND table_name = $1 AND grantee = $2 ORDER BY 1`,
          [table, patientsSchema.role],
        );
        expect(rows.map((row) => row.privilege_type)).toEqual(['INSERT', 'SELECT']);
      } finally {
        await role.end();
      }
    },
  );
});
