import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { keyringConfigOf, keyringVariables, type KeyringConfig } from '@wardline/field-encryption';
import { z } from 'zod';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const schema = z.object({
  /** AppointmentsService; 0 takes a free port. */
  WARDLINE_APPOINTMENTS_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_APPOINTMENTS_HOST: z.string().default('127.0.0.1'),
  /** Postgres URL of the role `wardline_appointments`. */
  WARDLINE_DB_APPOINTMENTS: z.url(),
  /** Connections kept at most. More do not book faster: they only contend for the same rows. */
  WARDLINE_APPOINTMENTS_DB_POOL: z.coerce.number().int().min(1).max(100).default(8),
  /** Needed when no event bus is handed in. */
  ...eventBusVariables,
  WARDLINE_SERVICE_KEY: secret,
  ...keyringVariables,
  /** Services and working hours of the demo clinics. */
  WARDLINE_DEMO: z.stringbool().default(false),
});

export type AppointmentsConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  poolSizeMax: number;
  eventBus: EventBusConfig;
  serviceKey: string;
  keyring: KeyringConfig | undefined;
  demo: boolean;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): AppointmentsConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_APPOINTMENTS_HOST,
    rpcPort: e.WARDLINE_APPOINTMENTS_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_APPOINTMENTS,
    poolSizeMax: e.WARDLINE_APPOINTMENTS_DB_POOL,
    eventBus: eventBusConfigOf(e),
    serviceKey: e.WARDLINE_SERVICE_KEY,
    keyring: keyringConfigOf(e),
    demo: e.WARDLINE_DEMO,
  });
}
