import {
  describeTenantIsolation,
  expectPrismaSchemaMatches,
  startTestDatabase,
  type TestDatabase,
} from '@wardline/persistence/testing';
import { fileURLToPath } from 'node:url';
import { notificationsSchema } from './schema.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase({ services: [notificationsSchema] });
});
afterAll(() => database?.stop());

describeTenantIsolation({
  schema: notificationsSchema,
  database: () => database,
  values: { messages: { status: `'queued'` } },
});

it('has a Prisma schema that says what the migrations made', async () => {
  await expectPrismaSchemaMatches({
    schemaFile: fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url)),
    adminUrl: database.adminUrl,
    schema: 'notifications',
  });
});
