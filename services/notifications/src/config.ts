import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { keyringConfigOf, keyringVariables, type KeyringConfig } from '@wardline/field-encryption';
import { z } from 'zod';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const schema = z.object({
  /** NotificationsService; 0 takes a free port. */
  WARDLINE_NOTIFICATIONS_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_NOTIFICATIONS_HOST: z.string().default('127.0.0.1'),
  /** Postgres URL of the role `wardline_notifications`. */
  WARDLINE_DB_NOTIFICATIONS: z.url(),
  /** Needed when no event bus is handed in. */
  ...eventBusVariables,
  WARDLINE_SERVICE_KEY: secret,
  ...keyringVariables,
  /** Asked for the number that a message tells patients to call. */
  WARDLINE_RPC_DIRECTORY: z.url(),
});

export type NotificationsConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  eventBus: EventBusConfig;
  serviceKey: string;
  keyring: KeyringConfig | undefined;
  directoryUrl: string;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): NotificationsConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_NOTIFICATIONS_HOST,
    rpcPort: e.WARDLINE_NOTIFICATIONS_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_NOTIFICATIONS,
    eventBus: eventBusConfigOf(e),
    serviceKey: e.WARDLINE_SERVICE_KEY,
    keyring: keyringConfigOf(e),
    directoryUrl: e.WARDLINE_RPC_DIRECTORY,
  });
}
