import { fileURLToPath } from 'node:url';
import {
  describeTenantIsolation,
  expectPrismaSchemaMatches,
  startTestDatabase,
  type TestDatabase,
} from '@wardline/persistence/testing';
import { telephonySchema } from './schema.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase({ services: [telephonySchema] });
});
afterAll(() => database?.stop());

describeTenantIsolation({
  schema: telephonySchema,
  database: () => database,
  values: {
    calls: { direction: `'inbound'`, state: `'active'`, owner_epoch: '1', next_check_at: 'now()' },
    commands: { kind: `'answer'`, status: `'pending'` },
  },
});

it('has a Prisma schema that says what the migrations made', async () => {
  await expectPrismaSchemaMatches({
    schemaFile: fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url)),
    adminUrl: database.adminUrl,
    schema: 'telephony',
  });
});
