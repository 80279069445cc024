import { fileURLToPath } from 'node:url';
import type { ServiceSchema } from '@wardline/persistence';

/** Where the log lives, for `migrate()` of @wardline/persistence. */
export const busSchema: ServiceSchema = {
  service: 'event-bus',
  schema: 'bus',
  role: 'wardline_bus',
  migrationsDir: fileURLToPath(new URL('../migrations/bus', import.meta.url)),
  extraRoles: ['wardline_parking'],
  ownsEvents: false,
};
