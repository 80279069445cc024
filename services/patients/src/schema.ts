import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const patientsSchema: ServiceSchema = {
  service: 'patients',
  schema: 'patients',
  role: 'wardline_patients',
  // Owns the function that works across tenants; nobody logs in with it.
  extraRoles: ['wardline_patients_sweeper'],
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
