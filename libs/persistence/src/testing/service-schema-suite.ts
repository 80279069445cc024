import path from 'node:path';
import type { ServiceSchema } from '../service-schema.ts';
import { expectPrismaSchemaMatches } from './schema-drift.ts';
import { describeTenantIsolation, type TenantIsolationOptions } from './tenant-isolation.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';

/**
 * What holds for every service's schema: its tenants are walled off, and its Prisma schema (`prisma/schema.prisma` beside the
 * migrations) says what the migrations made.
 *
 * @returns the migrated database, once the suite runs: for what this service's schema promises besides
 */
export function describeServiceSchema(
  schema: ServiceSchema,
  o: Pick<TenantIsolationOptions, 'values' | 'withoutTenant'>,
): () => TestDatabase {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase({ services: [schema] });
  });
  afterAll(() => database?.stop());

  describeTenantIsolation({ schema, database: () => database, ...o });

  it('has a Prisma schema that says what the migrations made', async () => {
    await expectPrismaSchemaMatches({
      schemaFile: path.join(schema.migrationsDir, '../prisma/schema.prisma'),
      adminUrl: database.adminUrl,
      schema: schema.schema,
    });
  });

  return () => database;
}
