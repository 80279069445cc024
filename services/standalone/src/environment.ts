import path from 'node:path';
import { checkout, type Carrier, type StandaloneConfig } from './config.ts';
import type { KafkaVariables } from './infrastructure.ts';
import type { KafkaUser } from './kafka-access.ts';
import type { Secrets } from './secrets.ts';

/** Ports of the loopback interface for what is internal. */
export interface InternalPorts {
  readonly directory: number;
  readonly appointments: number;
  readonly telephony: number;
  readonly telephonyHttp: number;
  readonly brain: number;
  readonly notifications: number;
  readonly campaigns: number;
  readonly patients: number;
  readonly insights: number;
  readonly keyValue: number;
}

export const internalPortNames = [
  'directory',
  'appointments',
  'telephony',
  'telephonyHttp',
  'brain',
  'notifications',
  'campaigns',
  'patients',
  'insights',
  'keyValue',
] as const satisfies readonly (keyof InternalPorts)[];

export interface EnvironmentOptions {
  readonly config: StandaloneConfig;
  readonly secrets: Secrets;
  readonly carrier: Carrier;
  readonly ports: InternalPorts;
  readonly publicPort: number;
  readonly mediaPort: number;
  readonly databaseUrlOf: (role: string) => string;
  /** Undefined: events go through the log in Postgres. */
  readonly kafkaVariables: KafkaVariables | undefined;
  /** Undefined: the store that the process *realtime* serves. */
  readonly redisUrl: string | undefined;
}

type Part = (o: EnvironmentOptions) => NodeJS.ProcessEnv;

const local = (port: number) => `http://127.0.0.1:${port}`;

const database =
  (schema: string): Part =>
  (o) => ({ [`WARDLINE_DB_${schema.toUpperCase()}`]: o.databaseUrlOf(`wardline_${schema}`) });

const keyring: Part = (o) => ({
  WARDLINE_MASTER_KEY: o.secrets.masterKey,
  WARDLINE_KEYS_DIR: path.join(o.config.dataDir, 'keys'),
});

const streamKey: Part = (o) => ({ WARDLINE_STREAM_KEY: o.secrets.streamKey });
const demo: Part = (o) => ({ WARDLINE_DEMO: o.config.demo ? '1' : '0' });

/** Kafka's consumers only need the database to park what they cannot handle; the log's own role can do more. */
const consumer =
  (user: KafkaUser | 'superuser' = 'consumer'): Part =>
  (o) => ({
    WARDLINE_DB_BUS: o.databaseUrlOf(o.kafkaVariables ? 'wardline_parking' : 'wardline_bus'),
    ...o.kafkaVariables?.[user],
  });

/** Settings of the operator that change nothing here. */
const handedOn =
  (...prefixes: string[]): Part =>
  () =>
    Object.fromEntries(
      Object.entries(process.env).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix))),
    );

const keyValue: Part = (o) =>
  o.redisUrl
    ? { REDIS_URL: o.redisUrl, ...handedOn('REDIS_KEY_PREFIX', 'REDIS_TLS_CA_FILE')(o) }
    : { WARDLINE_RPC_KEYVALUE: local(o.ports.keyValue) };

/** What each service is told beside what all are: its own database, its own secrets, no more. */
const partsOf = {
  'voice-media': [
    streamKey,
    (o) => ({ WARDLINE_MEDIA_PORT: String(o.mediaPort), WARDLINE_MEDIA_HOST: o.config.host }),
  ],
  directory: [
    database('directory'),
    demo,
    (o) => ({ WARDLINE_DIRECTORY_RPC_PORT: String(o.ports.directory) }),
  ],
  appointments: [
    database('appointments'),
    consumer(),
    keyring,
    demo,
    (o) => ({ WARDLINE_APPOINTMENTS_RPC_PORT: String(o.ports.appointments) }),
  ],
  'telephony-gateway': [
    database('telephony'),
    consumer(),
    keyring,
    keyValue,
    streamKey,
    handedOn('WARDLINE_OUTBOUND_', 'WARDLINE_HAND_OFF_', 'TELNYX_CONNECTION_ID'),
    (o) => ({
      WARDLINE_TELEPHONY_RPC_PORT: String(o.ports.telephony),
      WARDLINE_TELEPHONY_HTTP_PORT: String(o.ports.telephonyHttp),
      WARDLINE_MEDIA_PUBLIC_URL: o.carrier.mediaPublicUrl,
      TELNYX_API_KEY: o.carrier.apiKey,
      TELNYX_PUBLIC_KEY: o.carrier.publicKey,
      TELNYX_API_BASE: o.carrier.apiBase,
    }),
  ],
  'conversation-brain': [
    database('brain'),
    keyring,
    keyValue,
    (o) => ({ WARDLINE_BRAIN_RPC_PORT: String(o.ports.brain) }),
  ],
  notifications: [
    database('notifications'),
    consumer(),
    keyring,
    (o) => ({ WARDLINE_NOTIFICATIONS_RPC_PORT: String(o.ports.notifications) }),
  ],
  campaigns: [
    database('campaigns'),
    consumer(),
    keyring,
    handedOn('WARDLINE_CAMPAIGNS_TICK_', 'WARDLINE_CAMPAIGNS_POLICY'),
    (o) => ({ WARDLINE_CAMPAIGNS_RPC_PORT: String(o.ports.campaigns) }),
  ],
  patients: [
    database('patients'),
    keyring,
    (o) => ({ WARDLINE_PATIENTS_RPC_PORT: String(o.ports.patients) }),
  ],
  insights: [
    database('insights'),
    consumer(),
    (o) => ({ WARDLINE_INSIGHTS_RPC_PORT: String(o.ports.insights) }),
  ],
  'api-gateway': [
    database('gateway'),
    // It makes the topics and users of integrators.
    consumer('superuser'),
    keyring,
    keyValue,
    handedOn('WARDLINE_WEBHOOK_', 'WARDLINE_STREAMS_', 'WARDLINE_SESSION_', 'KAFKA_INTEGRATOR_'),
    (o) => ({
      WARDLINE_HOST: o.config.host,
      WARDLINE_PORT: String(o.publicPort),
      WARDLINE_PUBLIC_URL: o.carrier.publicUrl,
      WARDLINE_CONSOLE_DIR: path.join(checkout, 'services/console/dist'),
    }),
  ],
  /** Reads every outbox. */
  'event-relay': [(o) => ({ WARDLINE_DB_BUS: o.databaseUrlOf('wardline_bus'), ...o.kafkaVariables?.relay })],
  /** The key-value store of an embedded run, which has no Redis. */
  'key-value': [(o) => ({ WARDLINE_KEYVALUE_RPC_PORT: String(o.ports.keyValue) })],
} as const satisfies Record<string, readonly Part[]>;

export type ServiceName = keyof typeof partsOf;

/**
 * The environment of a process that holds these services: what they read in their `config.ts`, nothing of the supervisor's
 * own secrets that they have no use for. Only these processes know them; nothing is put on a command line.
 */
export function environmentOf(services: readonly ServiceName[], o: EnvironmentOptions): NodeJS.ProcessEnv {
  return Object.assign(
    {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TZ: 'UTC',
      ...handedOn('OTEL_', 'NODE_')(o),
      LOG_LEVEL: o.config.logLevel,
      WARDLINE_LOG_LEVEL: o.config.logLevel,
      WARDLINE_DATA: o.config.dataDir,
      WARDLINE_SERVICE_KEY: o.secrets.serviceKey,
      WARDLINE_RPC_DIRECTORY: local(o.ports.directory),
      WARDLINE_RPC_APPOINTMENTS: local(o.ports.appointments),
      WARDLINE_RPC_TELEPHONY: local(o.ports.telephony),
      WARDLINE_RPC_BRAIN: local(o.ports.brain),
      WARDLINE_RPC_NOTIFICATIONS: local(o.ports.notifications),
      WARDLINE_RPC_CAMPAIGNS: local(o.ports.campaigns),
      WARDLINE_RPC_PATIENTS: local(o.ports.patients),
      WARDLINE_RPC_INSIGHTS: local(o.ports.insights),
      WARDLINE_HTTP_TELEPHONY: local(o.ports.telephonyHttp),
    },
    ...services.flatMap((service): readonly Part[] => partsOf[service]).map((part) => part(o)),
  ) as NodeJS.ProcessEnv;
}
