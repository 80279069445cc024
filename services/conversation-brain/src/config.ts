import { loadConfig } from '@wardline/config';
import { keyValueVariables, type KeyValueEnvironment } from '@wardline/key-value';
import { z } from 'zod';

const schema = z
  .object({
    /** Port of the dialogue RPC; 0 picks a free one. */
    WARDLINE_BRAIN_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    WARDLINE_BRAIN_HOST: z.string().default('127.0.0.1'),
    /** Postgres URL of the role `wardline_brain`; `DATABASE_URL` is the name that a container of its own uses. */
    WARDLINE_DB_BRAIN: z.url().optional(),
    DATABASE_URL: z.url().optional(),
    WARDLINE_SERVICE_KEY: z
      .base64()
      .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64'),
    WARDLINE_RPC_DIRECTORY: z.url(),
    WARDLINE_RPC_APPOINTMENTS: z.url(),
    WARDLINE_RPC_TELEPHONY: z.url(),
    /** Both are needed to hold calls that campaigns make; without them such calls end with an apology. */
    WARDLINE_RPC_CAMPAIGNS: z.url().optional(),
    WARDLINE_RPC_PATIENTS: z.url().optional(),
    /** Needed when no key-value store is handed in. */
    ...keyValueVariables,
    /** Folder of the tenants' keys, shared by the services of one installation. */
    WARDLINE_KEYS_DIR: z.string().min(1),
    WARDLINE_MASTER_KEY: z.string().min(1),
  })
  .refine((e) => e.WARDLINE_DB_BRAIN !== undefined || e.DATABASE_URL !== undefined, {
    path: ['WARDLINE_DB_BRAIN'],
    message: 'set WARDLINE_DB_BRAIN or DATABASE_URL',
  });

export type BrainConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  serviceKey: string;
  rpc: Readonly<{
    directory: string;
    appointments: string;
    telephony: string;
    campaigns?: string | undefined;
    patients?: string | undefined;
  }>;
  keyValue: KeyValueEnvironment;
  keysDir: string;
  masterKey: string;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): BrainConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_BRAIN_HOST,
    rpcPort: e.WARDLINE_BRAIN_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_BRAIN ?? e.DATABASE_URL ?? '',
    serviceKey: e.WARDLINE_SERVICE_KEY,
    rpc: {
      directory: e.WARDLINE_RPC_DIRECTORY,
      appointments: e.WARDLINE_RPC_APPOINTMENTS,
      telephony: e.WARDLINE_RPC_TELEPHONY,
      campaigns: e.WARDLINE_RPC_CAMPAIGNS,
      patients: e.WARDLINE_RPC_PATIENTS,
    },
    keyValue: z.object(keyValueVariables).parse(e),
    keysDir: e.WARDLINE_KEYS_DIR,
    masterKey: e.WARDLINE_MASTER_KEY,
  });
}
