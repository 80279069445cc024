import { gatewaySchema } from '@wardline/api-gateway/schema';
import { appointmentsSchema } from '@wardline/appointments/schema';
import { campaignsSchema } from '@wardline/campaigns/schema';
import { brainSchema } from '@wardline/conversation-brain/schema';
import { directorySchema } from '@wardline/directory/schema';
import { busSchema } from '@wardline/event-bus';
import { insightsSchema } from '@wardline/insights/schema';
import { notificationsSchema } from '@wardline/notifications/schema';
import type { ServiceSchema } from '@wardline/persistence';
import { patientsSchema } from '@wardline/patients/schema';
import { telephonySchema } from '@wardline/telephony-gateway/schema';

/** Every schema of the installation; the log's comes first, since services only point at it. */
export const databaseSchemas: readonly ServiceSchema[] = [
  busSchema,
  directorySchema,
  appointmentsSchema,
  telephonySchema,
  brainSchema,
  notificationsSchema,
  campaignsSchema,
  patientsSchema,
  insightsSchema,
  gatewaySchema,
];

export const allRoles: readonly string[] = databaseSchemas.flatMap((schema) => [
  schema.role,
  ...(schema.extraRoles ?? []),
]);
