import { ConfigError } from '@wardline/config';
import { keyvalue } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import { createRpcClient, type ServiceTokens } from '@wardline/rpc';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { KeyValue } from './key-value.ts';
import { createRedisKeyValue } from './redis-key-value.ts';
import { createRemoteKeyValue } from './remote-key-value.ts';

/** To be spread into the configuration schema of a service: `z.object({ …, ...keyValueVariables })`. */
export const keyValueVariables = {
  /** Redis that all processes share: `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Before every key and channel, when several installations share a server. */
  REDIS_KEY_PREFIX: z.string().max(64).optional(),
  /** File of certificate authorities (PEM) for `rediss://`; without it, those that Node trusts. */
  REDIS_TLS_CA_FILE: z.string().min(1).optional(),
  /** Base URL of the process that holds the store in its memory; used where there is no Redis. */
  WARDLINE_RPC_KEYVALUE: z.url().optional(),
};

export type KeyValueEnvironment = z.infer<z.ZodObject<typeof keyValueVariables>>;

export interface ConfiguredKeyValueDeps {
  logger: Logger;
  /** Of the calling service; used where the store is another process. */
  tokens: ServiceTokens;
}

/**
 * Redis where `REDIS_URL` says so; else the store that another process of an embedded run serves.
 *
 * @throws ConfigError when the environment names neither
 */
export function createKeyValue(env: KeyValueEnvironment, deps: ConfiguredKeyValueDeps): KeyValue {
  const { logger, tokens } = deps;
  if (env.REDIS_URL) {
    return createRedisKeyValue({
      url: env.REDIS_URL,
      logger,
      ...(env.REDIS_KEY_PREFIX ? { keyPrefix: env.REDIS_KEY_PREFIX } : {}),
      ...(env.REDIS_TLS_CA_FILE ? { tlsCa: readFileSync(env.REDIS_TLS_CA_FILE, 'utf8') } : {}),
    });
  }
  if (!env.WARDLINE_RPC_KEYVALUE) {
    throw new ConfigError([
      { variable: 'REDIS_URL', problem: 'is not set, and neither is WARDLINE_RPC_KEYVALUE: set one of them' },
    ]);
  }
  const client = createRpcClient(keyvalue.KeyValueService, {
    baseUrl: env.WARDLINE_RPC_KEYVALUE,
    callee: 'standalone',
    tokens,
  });
  const remote = createRemoteKeyValue(client, { logger });
  return {
    ...remote,
    async close() {
      await remote.close();
      client.close();
    },
  };
}
