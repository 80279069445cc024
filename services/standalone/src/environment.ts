import path from 'node:path';
import { checkout, type Carrier, type StandaloneConfig } from './config.ts';
import type { Secrets } from './secrets.ts';

/** Ports of the loopback interface for what is internal. */
export interface InternalPorts {
  readonly directory: number;
  readonly appointments: number;
  readonly telephony: number;
  readonly telephonyHttp: number;
  readonly brain: number;
  readonly notifications: number;
  readonly keyValue: number;
}

export const internalPortNames = [
  'directory',
  'appointments',
  'telephony',
  'telephonyHttp',
  'brain',
  'notifications',
  'keyValue',
] as const satisfies readonly (keyof InternalPorts)[];

/** Which schema's database URL each process may know: the roles of its own services and the event log's. */
const schemasOf = {
  media: [],
  realtime: ['directory', 'appointments', 'telephony', 'brain', 'bus'],
  'back-office': ['notifications', 'gateway', 'bus'],
} as const;

export type ProcessName = keyof typeof schemasOf;

export interface EnvironmentOptions {
  readonly config: StandaloneConfig;
  readonly secrets: Secrets;
  readonly carrier: Carrier;
  readonly ports: InternalPorts;
  readonly publicPort: number;
  readonly mediaPort: number;
  readonly databaseUrlOf: (role: string) => string;
}

/**
 * The environment of one process: what its services read in their `config.ts`, nothing of the supervisor's own secrets
 * that they have no use for. Only these processes know them; nothing is put on a command line.
 */
export function environmentOf(name: ProcessName, o: EnvironmentOptions): NodeJS.ProcessEnv {
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const shared: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: 'UTC',
    ...Object.fromEntries(
      Object.entries(process.env).filter(([key]) => key.startsWith('OTEL_') || key.startsWith('NODE_')),
    ),
    LOG_LEVEL: o.config.logLevel,
    WARDLINE_LOG_LEVEL: o.config.logLevel,
    WARDLINE_DATA: o.config.dataDir,
    WARDLINE_SERVICE_KEY: o.secrets.serviceKey,
    WARDLINE_RPC_DIRECTORY: local(o.ports.directory),
    WARDLINE_RPC_APPOINTMENTS: local(o.ports.appointments),
    WARDLINE_RPC_TELEPHONY: local(o.ports.telephony),
    WARDLINE_RPC_BRAIN: local(o.ports.brain),
    WARDLINE_RPC_NOTIFICATIONS: local(o.ports.notifications),
    WARDLINE_RPC_KEYVALUE: local(o.ports.keyValue),
    WARDLINE_HTTP_TELEPHONY: local(o.ports.telephonyHttp),
    ...Object.fromEntries(
      schemasOf[name].map((schema) => [
        `WARDLINE_DB_${schema.toUpperCase()}`,
        o.databaseUrlOf(`wardline_${schema}`),
      ]),
    ),
  };
  if (name === 'media') {
    return {
      ...shared,
      WARDLINE_STREAM_KEY: o.secrets.streamKey,
      WARDLINE_MEDIA_PORT: String(o.mediaPort),
      WARDLINE_MEDIA_HOST: o.config.host,
    };
  }
  const data: NodeJS.ProcessEnv = {
    ...shared,
    WARDLINE_MASTER_KEY: o.secrets.masterKey,
    WARDLINE_KEYS_DIR: path.join(o.config.dataDir, 'keys'),
    WARDLINE_DEMO: o.config.demo ? '1' : '0',
  };
  if (name === 'back-office') {
    return {
      ...data,
      WARDLINE_NOTIFICATIONS_RPC_PORT: String(o.ports.notifications),
      WARDLINE_HOST: o.config.host,
      WARDLINE_PORT: String(o.publicPort),
      WARDLINE_PUBLIC_URL: o.carrier.publicUrl,
      WARDLINE_CONSOLE_DIR: path.join(checkout, 'services/console/dist'),
    };
  }
  return {
    ...data,
    WARDLINE_DIRECTORY_RPC_PORT: String(o.ports.directory),
    WARDLINE_APPOINTMENTS_RPC_PORT: String(o.ports.appointments),
    WARDLINE_TELEPHONY_RPC_PORT: String(o.ports.telephony),
    WARDLINE_TELEPHONY_HTTP_PORT: String(o.ports.telephonyHttp),
    WARDLINE_BRAIN_RPC_PORT: String(o.ports.brain),
    WARDLINE_KEYVALUE_RPC_PORT: String(o.ports.keyValue),
    WARDLINE_STREAM_KEY: o.secrets.streamKey,
    WARDLINE_MEDIA_PUBLIC_URL: o.carrier.mediaPublicUrl,
    WARDLINE_PUBLIC_URL: o.carrier.publicUrl,
    TELNYX_API_KEY: o.carrier.apiKey,
    TELNYX_PUBLIC_KEY: o.carrier.publicKey,
    TELNYX_API_BASE: o.carrier.apiBase,
  };
}
