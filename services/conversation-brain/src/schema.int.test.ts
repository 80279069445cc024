import {
  describeTenantIsolation,
  expectPrismaSchemaMatches,
  startTestDatabase,
  type TestDatabase,
} from '@wardline/persistence/testing';
import { fileURLToPath } from 'node:url';
import { brainSchema } from './schema.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase({ services: [brainSchema] });
});
afterAll(() => database?.stop());

describeTenantIsolation({
  schema: brainSchema,
  database: () => database,
  values: { turns: { speaker: `'caller'` } },
});

it('has a Prisma schema that says what the migrations made', async () => {
  await expectPrismaSchemaMatches({
    schemaFile: fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url)),
    adminUrl: database.adminUrl,
    schema: 'brain',
  });
});
