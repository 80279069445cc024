import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { z } from 'zod';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const schema = z.object({
  /** InsightsService; 0 takes a free port. */
  WARDLINE_INSIGHTS_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_INSIGHTS_HOST: z.string().default('127.0.0.1'),
  /** Postgres URL of the role `wardline_insights`. */
  WARDLINE_DB_INSIGHTS: z.url(),
  /** Needed when no event bus is handed in. */
  ...eventBusVariables,
  WARDLINE_SERVICE_KEY: secret,
  /** How long after its end a call waits for the report of its conversation before it is scored without one. */
  WARDLINE_INSIGHTS_GRACE_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
});

export type InsightsConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  eventBus: EventBusConfig;
  serviceKey: string;
  graceMs: number;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): InsightsConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_INSIGHTS_HOST,
    rpcPort: e.WARDLINE_INSIGHTS_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_INSIGHTS,
    eventBus: eventBusConfigOf(e),
    serviceKey: e.WARDLINE_SERVICE_KEY,
    graceMs: e.WARDLINE_INSIGHTS_GRACE_SECONDS * 1_000,
  });
}
