import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const patientsSchema: ServiceSchema = {
  service: 'patients',
  schema: 'patients',
  role: 'wardline_patients',
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
