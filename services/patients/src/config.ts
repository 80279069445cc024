import { loadConfig } from '@wardline/config';
import { keyringConfigOf, keyringVariables, type KeyringConfig } from '@wardline/field-encryption';
import { z } from 'zod';

const secret = z
  .base64()
  .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64');

const schema = z.object({
  /** PatientsService; 0 takes a free port. */
  WARDLINE_PATIENTS_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_PATIENTS_HOST: z.string().default('127.0.0.1'),
  /** Postgres URL of the role `wardline_patients`. */
  WARDLINE_DB_PATIENTS: z.url(),
  WARDLINE_SERVICE_KEY: secret,
  ...keyringVariables,
});

export type PatientsConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  serviceKey: string;
  keyring: KeyringConfig | undefined;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): PatientsConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_PATIENTS_HOST,
    rpcPort: e.WARDLINE_PATIENTS_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_PATIENTS,
    serviceKey: e.WARDLINE_SERVICE_KEY,
    keyring: keyringConfigOf(e),
  });
}
