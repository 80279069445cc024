import pg from 'pg';
import { notesSchema, prismaSchemaFile, roomsSchema } from './testing/fixture/fixture.ts';
import {
  describeTenantIsolation,
  expectPrismaSchemaMatches,
  startTestDatabase,
  type TestDatabase,
} from './testing/index.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase({ services: [roomsSchema, notesSchema] });
});
afterAll(() => database?.stop());

describeTenantIsolation({ schema: roomsSchema, database: () => database });
describeTenantIsolation({ schema: notesSchema, database: () => database });

describe('a sweeper role', () => {
  it('works across tenants on the rows and columns it was given', async () => {
    const sweeper = new pg.Client({ connectionString: database.url('wardline_rooms_sweeper') });
    await sweeper.connect();
    try {
      const seen = await sweeper.query('select distinct tenant_id from rooms.stay');
      expect(seen.rowCount).toBe(2);
      await expect(sweeper.query('select notes from rooms.stay')).rejects.toMatchObject({ code: '42501' });
      await expect(sweeper.query('select * from rooms.room')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await sweeper.end();
    }
  });
});

describe('the Prisma schema', () => {
  it('matches the migrated database', async () => {
    await expectPrismaSchemaMatches({
      schemaFile: prismaSchemaFile,
      adminUrl: database.adminUrl,
      schema: 'rooms',
    });
  });

  it('is told apart from a database that has drifted, with every difference named', async () => {
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    try {
      await admin.query(`alter table rooms.room add column surprise text, alter column floor type bigint`);
      await admin.query(`alter table rooms.stay drop column notes, alter column kind drop not null`);
      await admin.query(`alter type rooms.kind add value 'cancelled'`);
      await admin.query(`create table rooms.stray (id uuid)`);
      const check = expectPrismaSchemaMatches({
        schemaFile: prismaSchemaFile,
        adminUrl: database.adminUrl,
        schema: 'rooms',
        ignore: ['stray'],
      });
      const message = await check.then(
        () => '',
        (error: Error) => error.message,
      );
      expect(message.split('\n').slice(1).sort()).toEqual([
        '  kind: enum is held,booked in Prisma, held,booked,cancelled here',
        '  room.floor: the field is integer, the column bigint',
        '  room.surprise: a column without a field',
        '  stay.kind: the field is never null, the column may be null',
        '  stay.notes: a field without a column',
      ]);
    } finally {
      await admin.end();
    }
  });
});
