import type { ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';

/** What of the database is this service's own. Apart from `compose.ts`, so that migrating loads no service. */
export const notificationsSchema: ServiceSchema = {
  service: 'notifications',
  schema: 'notifications',
  role: 'wardline_notifications',
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};
