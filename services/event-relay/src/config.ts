import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { z } from 'zod';

const schema = z.object({
  ...eventBusVariables,
  /** Postgres URL of the role `wardline_bus`, which reads every service's outbox. */
  WARDLINE_DB_BUS: z.url(),
});

export type EventRelayConfig = Readonly<{ eventBus: EventBusConfig }>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): EventRelayConfig {
  return Object.freeze({ eventBus: eventBusConfigOf(loadConfig(schema, env)) });
}
