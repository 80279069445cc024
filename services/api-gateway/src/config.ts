import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { keyValueVariables, type KeyValueEnvironment } from '@wardline/key-value';
import ipaddr from 'ipaddr.js';
import { keyringConfigOf, keyringVariables, type KeyringConfig } from '@wardline/field-encryption';
import { z } from 'zod';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const schema = z.object({
  /** Public port: console, REST API and the carrier's webhooks. */
  WARDLINE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  WARDLINE_HOST: z.string().default('0.0.0.0'),
  /** Postgres URL of the role `wardline_gateway`. */
  WARDLINE_DB_GATEWAY: z.url(),
  /** Needed when no event bus is handed in. */
  ...eventBusVariables,
  WARDLINE_SERVICE_KEY: secret,
  ...keyringVariables,
  WARDLINE_RPC_DIRECTORY: z.url(),
  WARDLINE_RPC_APPOINTMENTS: z.url(),
  WARDLINE_RPC_TELEPHONY: z.url(),
  WARDLINE_RPC_BRAIN: z.url(),
  WARDLINE_RPC_NOTIFICATIONS: z.url(),
  WARDLINE_RPC_CAMPAIGNS: z.url(),
  WARDLINE_RPC_PATIENTS: z.url(),
  WARDLINE_RPC_INSIGHTS: z.url(),
  /** Needed when no key-value store is handed in. */
  ...keyValueVariables,
  /** Base URL of telephony-gateway's webhook listener. */
  WARDLINE_HTTP_TELEPHONY: z.url(),
  /** Folder of the built console; without it only the API is served. */
  WARDLINE_CONSOLE_DIR: z.string().optional(),
  /**
   * Where browsers reach this installation: what tokens are made for and links lead to. Without it, the port of this machine
   * itself.
   */
  WARDLINE_PUBLIC_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Reverse proxies whose word about who asks is believed: networks and addresses, or `loopback`. */
  WARDLINE_TRUSTED_PROXIES: list.default([]),
  /** An answer of the API that breaks its own schema is an error (`refuse`), or is sent and told to the log (`log`). */
  WARDLINE_CHECK_ANSWERS: z.enum(['refuse', 'log']).default('log'),
  /** Event streams that integrators of one hospital may have open, on each instance. */
  WARDLINE_STREAMS_PER_TENANT: z.coerce.number().int().min(1).max(500).default(20),
  /** Brokers as integrators reach them, `host:port,host:port`, where that is not KAFKA_BROKERS. */
  KAFKA_INTEGRATOR_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .optional(),
  /** How long events stay in a hospital's own Kafka topic. */
  KAFKA_INTEGRATOR_RETENTION_HOURS: z.coerce
    .number()
    .positive()
    .max(24 * 90)
    .default(24 * 7),
  /**
   * What webhooks may be sent to although it is not public: networks, addresses, host names, `*.intern` for all below a
   * name. These may use plain http and any port.
   */
  WARDLINE_WEBHOOK_ALLOW: list
    .refine(
      (entries) => entries.every((entry) => !entry.includes('/') || ipaddr.isValidCIDR(entry)),
      'a network is written like 10.1.0.0/16',
    )
    .default([]),
  /** `allow` lets webhooks of public addresses use plain http as well; never right outside of tests. */
  WARDLINE_WEBHOOK_HTTP: z.enum(['refuse', 'allow']).default('refuse'),
  /** Ports that webhooks of public addresses may use. */
  WARDLINE_WEBHOOK_PORTS: list
    .pipe(z.array(z.coerce.number<string>().int().min(1).max(65_535)).min(1))
    .default([443, 8443]),
  /** How long staff stay signed in without entering their password again. */
  WARDLINE_SESSION_HOURS: z.coerce
    .number()
    .positive()
    .max(24 * 14)
    .default(12),
});

export type ApiGatewayConfig = Readonly<{
  host: string;
  port: number;
  databaseUrl: string;
  eventBus: EventBusConfig;
  keyValue: KeyValueEnvironment;
  serviceKey: string;
  keyring: KeyringConfig | undefined;
  rpc: Readonly<{
    directory: string;
    appointments: string;
    telephony: string;
    brain: string;
    notifications: string;
    campaigns: string;
    patients: string;
    insights: string;
  }>;
  telephonyWebhookUrl: string;
  consoleDir: string | undefined;
  /** Where browsers and integrators reach this installation, when that is known. */
  publicUrl?: string | undefined;
  sessionHours: number;
  trustedProxies: readonly string[];
  checkAnswers: 'refuse' | 'log';
  streamsPerTenantMax: number;
  integratorBrokers: readonly string[] | undefined;
  tenantTopicRetentionMs: number;
  webhookTargets: Readonly<{ allow: readonly string[]; http: boolean; ports: readonly number[] }>;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): ApiGatewayConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_HOST,
    port: e.WARDLINE_PORT,
    databaseUrl: e.WARDLINE_DB_GATEWAY,
    eventBus: eventBusConfigOf(e),
    keyValue: z.object(keyValueVariables).parse(e),
    serviceKey: e.WARDLINE_SERVICE_KEY,
    keyring: keyringConfigOf(e),
    rpc: {
      directory: e.WARDLINE_RPC_DIRECTORY,
      appointments: e.WARDLINE_RPC_APPOINTMENTS,
      telephony: e.WARDLINE_RPC_TELEPHONY,
      brain: e.WARDLINE_RPC_BRAIN,
      notifications: e.WARDLINE_RPC_NOTIFICATIONS,
      campaigns: e.WARDLINE_RPC_CAMPAIGNS,
      patients: e.WARDLINE_RPC_PATIENTS,
      insights: e.WARDLINE_RPC_INSIGHTS,
    },
    telephonyWebhookUrl: new URL('/webhooks/telnyx', e.WARDLINE_HTTP_TELEPHONY).href,
    consoleDir: e.WARDLINE_CONSOLE_DIR,
    publicUrl: e.WARDLINE_PUBLIC_URL,
    sessionHours: e.WARDLINE_SESSION_HOURS,
    trustedProxies: e.WARDLINE_TRUSTED_PROXIES,
    checkAnswers: e.WARDLINE_CHECK_ANSWERS,
    streamsPerTenantMax: e.WARDLINE_STREAMS_PER_TENANT,
    integratorBrokers: e.KAFKA_INTEGRATOR_BROKERS,
    tenantTopicRetentionMs: e.KAFKA_INTEGRATOR_RETENTION_HOURS * 3_600_000,
    webhookTargets: {
      allow: e.WARDLINE_WEBHOOK_ALLOW,
      http: e.WARDLINE_WEBHOOK_HTTP === 'allow',
      ports: e.WARDLINE_WEBHOOK_PORTS,
    },
  });
}
