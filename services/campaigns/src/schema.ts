import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const campaignsSchema: ServiceSchema = {
  service: 'campaigns',
  schema: 'campaigns',
  role: 'wardline_campaigns',
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
