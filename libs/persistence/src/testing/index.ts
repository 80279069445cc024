export { describeServiceSchema } from './service-schema-suite.ts';
export { startTestDatabase, type TestDatabase } from './test-database.ts';
export { expectPrismaSchemaMatches } from './schema-drift.ts';
export { describeTenantIsolation, type TenantIsolationOptions } from './tenant-isolation.ts';
