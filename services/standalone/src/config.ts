import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type KafkaConnection } from '@wardline/event-bus';
import path from 'node:path';
import { z } from 'zod';

/** The checkout that this file belongs to. */
export const checkout = path.resolve(import.meta.dirname, '../../..');

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z
  .object({
    WARDLINE_PORT: port.default(8080),
    WARDLINE_HOST: z.string().default('0.0.0.0'),
    WARDLINE_MEDIA_PORT: port.optional(),
    WARDLINE_DATA: z.string().optional(),
    WARDLINE_PUBLIC_URL: z.url().optional(),
    WARDLINE_MEDIA_PUBLIC_URL: z.url().optional(),
    TELNYX_API_KEY: z.string().min(1).optional(),
    TELNYX_PUBLIC_KEY: z.string().min(1).optional(),
    TELNYX_API_BASE: z.url().optional(),
    WARDLINE_DEMO: z.stringbool().default(true),
    WARDLINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .superRefine((e, ctx) => {
    // The carrier is either wholly real or wholly simulated: half of it would be a platform that answers nobody.
    const carrier = [
      'TELNYX_API_KEY',
      'TELNYX_PUBLIC_KEY',
      'WARDLINE_PUBLIC_URL',
      'WARDLINE_MEDIA_PUBLIC_URL',
    ] as const;
    const wantsCarrier = e.TELNYX_API_KEY ?? e.TELNYX_PUBLIC_KEY ?? e.TELNYX_API_BASE;
    if (wantsCarrier === undefined) return;
    for (const name of carrier) {
      // A carrier on this machine reaches us where everybody on it does.
      if (e[name] !== undefined || (name.endsWith('_PUBLIC_URL') && isLoopback(e.TELNYX_API_BASE))) continue;
      ctx.addIssue({
        code: 'custom',
        path: [name],
        message:
          'is needed with a carrier: set it, or unset all TELNYX_* variables to use the simulated carrier',
      });
    }
  });

function isLoopback(url: string | undefined): boolean {
  return url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

/** What the services of a platform of separate processes stand on: given ones, else ours on the loopback interface. */
const infrastructureSchema = z.object({
  ...eventBusVariables,
  DATABASE_ADMIN_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  WARDLINE_BROKERS: z.enum(['1', '3']).default('1'),
});

export type InfrastructureConfig = Readonly<{
  databaseAdminUrl: string | undefined;
  kafka: KafkaConnection | undefined;
  /** How many brokers are started where none are given. */
  brokers: 1 | 3;
  redisUrl: string | undefined;
  /** `KAFKA_*` as they came, to be handed on to the services that use the bus. */
  kafkaVariables: Readonly<Record<string, string>>;
}>;

export interface Carrier {
  readonly apiKey: string;
  readonly publicKey: string;
  readonly apiBase: string;
  readonly publicUrl: string;
  readonly mediaPublicUrl: string;
}

export type StandaloneConfig = Readonly<{
  /** Undefined: everything embedded in three processes and Postgres. */
  infrastructure: InfrastructureConfig | undefined;
  host: string;
  /** Public port; 0 takes a free one. */
  port: number;
  mediaPort: number | undefined;
  dataDir: string;
  publicUrl: string | undefined;
  mediaPublicUrl: string | undefined;
  /** Undefined: the simulated carrier. */
  carrier: Readonly<{ apiKey: string; publicKey: string; apiBase: string }> | undefined;
  demo: boolean;
  logLevel: string;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(
  env: Record<string, string | undefined> = process.env,
  mode: 'embedded' | 'platform' = 'embedded',
): StandaloneConfig {
  const e = loadConfig(schema, env);
  const infrastructure = mode === 'platform' ? parseInfrastructure(env) : undefined;
  return Object.freeze({
    infrastructure,
    host: e.WARDLINE_HOST,
    port: e.WARDLINE_PORT,
    mediaPort: e.WARDLINE_MEDIA_PORT,
    dataDir: path.resolve(
      e.WARDLINE_DATA ?? path.join(checkout, infrastructure ? '.wardline/platform' : '.wardline'),
    ),
    publicUrl: e.WARDLINE_PUBLIC_URL,
    mediaPublicUrl: e.WARDLINE_MEDIA_PUBLIC_URL,
    carrier:
      e.TELNYX_API_KEY && e.TELNYX_PUBLIC_KEY
        ? {
            apiKey: e.TELNYX_API_KEY,
            publicKey: e.TELNYX_PUBLIC_KEY,
            apiBase: e.TELNYX_API_BASE ?? 'https://api.telnyx.com/v2',
          }
        : undefined,
    demo: e.WARDLINE_DEMO,
    logLevel: e.WARDLINE_LOG_LEVEL,
  });
}

function parseInfrastructure(env: Record<string, string | undefined>): InfrastructureConfig {
  const e = loadConfig(infrastructureSchema, env);
  return Object.freeze({
    databaseAdminUrl: e.DATABASE_ADMIN_URL,
    kafka: eventBusConfigOf(e).kafka,
    brokers: e.WARDLINE_BROKERS === '3' ? 3 : 1,
    redisUrl: e.REDIS_URL,
    kafkaVariables: Object.fromEntries(
      Object.entries(env).filter(
        (entry): entry is [string, string] => entry[0].startsWith('KAFKA_') && !!entry[1],
      ),
    ),
  });
}
