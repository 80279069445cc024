import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const insightsSchema: ServiceSchema = {
  service: 'insights',
  schema: 'insights',
  role: 'wardline_insights',
  // Owns the function that works across tenants; nobody logs in with it.
  extraRoles: ['wardline_insights_sweeper'],
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
