import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const appointmentsSchema: ServiceSchema = {
  service: 'appointments',
  schema: 'appointments',
  role: 'wardline_appointments',
  // Owns the functions that work across tenants; nobody logs in with it.
  extraRoles: ['wardline_appointments_sweeper'],
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
