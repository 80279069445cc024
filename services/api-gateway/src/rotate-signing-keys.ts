import { createFieldCipher, createFileKeyring } from '@wardline/field-encryption';
import { createLogger } from '@wardline/observability';
import { openGatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { createPostgresOidcKeys } from './adapters/postgres/oidc-keys.ts';
import { createSigningKeys } from './app/signing-keys.ts';
import { ACCESS_TOKEN_SECONDS } from './domain/sign-in.ts';

/**
 * Rotates the keys that sign tokens, while the platform runs: its instances see it within ten seconds. Apart from
 * `compose.ts`, so that doing so starts no service.
 *
 * @returns the id of the key that signs from now on
 */
export async function rotateSigningKeys(o: {
  readonly databaseUrl: string;
  readonly keysDir: string;
  readonly masterKey: string;
  /** Tokens of the old keys are worth nothing from now on: everybody signs in again. */
  readonly atOnce: boolean;
}): Promise<string> {
  const logger = createLogger({ service: 'api-gateway', level: 'warn' });
  const database = openGatewayDatabase(o.databaseUrl, logger);
  try {
    const cipher = createFieldCipher(createFileKeyring({ dir: o.keysDir, masterKey: o.masterKey }));
    const store = createPostgresOidcKeys({ database, cipher, logger });
    return await createSigningKeys({ store, tokenSeconds: ACCESS_TOKEN_SECONDS, logger }).rotate(o);
  } finally {
    await database.close();
  }
}
