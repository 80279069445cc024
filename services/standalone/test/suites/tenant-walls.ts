import { demo } from '@wardline/contracts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { freeSlot, signIn } from '../../src/testing/api-client.ts';
import { databaseSchemas } from '../../src/schemas.ts';
import type { RunningCopy } from '../../src/testing/running-copy.ts';

const phone = '+12025550147';

/** What a stolen database password of one service would show: nothing of a tenant, nothing of another service. */
export function describeTenantWalls(copy: RunningCopy): void {
  describe('walls in the database', () => {
    let admin: pg.Client;
    beforeAll(async () => {
      admin = new pg.Client({ connectionString: copy.run.databaseAdminUrl });
      await admin.connect();
      const api = await signIn(copy);
      const slot = await freeSlot(api, demo.clinics[0], 20);
      const booked = await api(
        'POST',
        '/appointments',
        {
          clinic: demo.clinics[0].clinicId,
          doctor: slot.doctor,
          start: slot.start,
          patient: { name: 'Jordan Lee', phone },
        },
        { 'idempotency-key': 'walls' },
      );
      expect(booked.status).toBe(201);
    });
    afterAll(() => admin.end());

    const asRole = async (role: string) => {
      const passwords = (
        JSON.parse(readFileSync(path.join(copy.dataDir, 'secrets.json'), 'utf8')) as {
          rolePasswords: Record<string, string>;
        }
      ).rolePasswords;
      const url = new URL(copy.run.databaseAdminUrl);
      url.username = role;
      url.password = passwords[role] ?? '';
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      return client;
    };
    const ofServices = databaseSchemas.filter(({ schema }) => schema !== 'bus');
    const serviceRoles = ofServices.map(({ role }) => role);
    const tenantTables = async (schema: string) =>
      (
        await admin.query<{ table: string }>(
          `SELECT table_name AS "table" FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
           WHERE table_schema = $1 AND column_name = 'tenant_id' AND table_type = 'BASE TABLE'`,
          [schema],
        )
      ).rows.map(({ table }) => table);

    it.each(serviceRoles)(
      '%s sees no row without a tenant, and no table of another service',
      async (role) => {
        const own = role.replace('wardline_', '');
        const client = await asRole(role);
        try {
          const tables = await tenantTables(own);
          expect(tables.length).toBeGreaterThan(0);
          for (const table of tables) {
            // Outboxes may only be written to: not being allowed to look is an even higher wall.
            const seen = await client
              .query(`SELECT count(*)::int AS n FROM ${own}."${table}"`)
              .catch((err: { code?: string }) => err.code);
            expect({ table, seen: typeof seen === 'string' ? seen : seen?.rows[0].n }).toEqual({
              table,
              seen: typeof seen === 'string' ? '42501' : 0,
            });
          }
          for (const other of ofServices.map(({ schema }) => schema).filter((schema) => schema !== own)) {
            const [table] = await tenantTables(other);
            await expect(client.query(`SELECT 1 FROM ${other}."${table}"`)).rejects.toMatchObject({
              code: '42501',
            });
          }
          const { rows } = await client.query(
            `SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user`,
          );
          expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
        } finally {
          await client.end();
        }
      },
    );

    it('wardline_parking, of consumers on Kafka, sees what waits and nothing else', async () => {
      const client = await asRole('wardline_parking');
      try {
        const { rows: tables } = await admin.query<{ name: string }>(
          `SELECT table_schema || '."' || table_name || '"' AS name FROM information_schema.tables
           WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
        );
        const readable: string[] = [];
        for (const { name } of tables) {
          const refused = await client.query(`SELECT 1 FROM ${name} LIMIT 1`).then(
            () => undefined,
            (err: { code?: string }) => err.code,
          );
          if (refused === undefined) readable.push(name);
          else expect({ name, refused }).toEqual({ name, refused: '42501' });
        }
        expect(readable.sort()).toEqual(['bus."dead_letters"', 'bus."parked"', 'bus."parked_keys"']);
      } finally {
        await client.end();
      }
    });

    it('holds personal values only sealed', async () => {
      const tables = (
        await admin.query<{ table_schema: string; table_name: string }>(
          `SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
        )
      ).rows;
      for (const { table_schema: schema, table_name: table } of tables) {
        const found = await admin.query(
          `SELECT count(*)::int AS n FROM ${schema}."${table}" t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%Jordan Lee%'`,
          [phone],
        );
        expect({ table: `${schema}.${table}`, rows: found.rows[0].n }).toEqual({
          table: `${schema}.${table}`,
          rows: 0,
        });
      }
    });

    it('loses nothing when the key is rotated while calls run', async () => {
      const running = copy.call('--scenario', 'plain-booking');
      const rotated = await copy.command('tools/cli/keys.ts', [
        'rotate',
        '--tenant',
        demo.clinics[0].tenantId,
      ]);
      expect({ code: rotated.code, stderr: rotated.stderr }).toEqual({ code: 0, stderr: '' });
      const result = await running;
      if (result.code !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
      const api = await signIn(copy);
      const from = new Date(Date.now() - 86_400_000);
      const { body } = await api<{ items: { patient: { name: string; phone: string } }[] }>(
        'GET',
        `/appointments?clinic=${demo.clinics[0].clinicId}&from=${from.toISOString()}&to=${new Date(from.getTime() + 60 * 86_400_000).toISOString()}&limit=500`,
      );
      // Sealed before the rotation and after it: both open.
      expect(body.items.some(({ patient }) => patient.phone === phone && patient.name === 'Jordan Lee')).toBe(
        true,
      );
      expect(
        body.items.every(({ patient }) => patient.phone.startsWith('+') && patient.name.length > 0),
      ).toBe(true);
    }, 300_000);
  });
}
