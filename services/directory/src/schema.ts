import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const directorySchema: ServiceSchema = {
  service: 'directory',
  schema: 'directory',
  role: 'wardline_directory',
  // Owns the two functions that answer before a tenant is known; nobody logs in with it.
  extraRoles: ['wardline_directory_lookup'],
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
