import { loadConfig } from '@wardline/config';
import { z } from 'zod';

const schema = z.object({
  /** DirectoryService; 0 takes a free port. */
  WARDLINE_DIRECTORY_RPC_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  WARDLINE_DIRECTORY_HOST: z.string().default('127.0.0.1'),
  /** Postgres URL of the role `wardline_directory`. */
  WARDLINE_DB_DIRECTORY: z.url(),
  WARDLINE_SERVICE_KEY: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64'),
  /** The demo hospitals with their clinics, doctors and a login each. */
  WARDLINE_DEMO: z.stringbool().default(false),
});

export type DirectoryConfig = Readonly<{
  host: string;
  rpcPort: number;
  databaseUrl: string;
  serviceKey: string;
  demo: boolean;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): DirectoryConfig {
  const e = loadConfig(schema, env);
  return Object.freeze({
    host: e.WARDLINE_DIRECTORY_HOST,
    rpcPort: e.WARDLINE_DIRECTORY_RPC_PORT,
    databaseUrl: e.WARDLINE_DB_DIRECTORY,
    serviceKey: e.WARDLINE_SERVICE_KEY,
    demo: e.WARDLINE_DEMO,
  });
}
