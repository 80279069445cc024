import type { FieldCipher } from '@wardline/field-encryption';
import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { findThroughDirectory } from './adapters/directory-passwords.ts';
import { createIdentityProvider } from './adapters/oidc/identity-provider.ts';
import type { GatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { createPostgresOidcKeys } from './adapters/postgres/oidc-keys.ts';
import { createPostgresOidcRecords } from './adapters/postgres/oidc-records.ts';
import { createSignInLimits } from './app/sign-in-limits.ts';
import { createSigningKeys } from './app/signing-keys.ts';
import { createStaffDirectory, type VerifyPassword } from './app/staff-directory.ts';
import type { ApiGatewayConfig } from './config.ts';
import { ACCESS_TOKEN_SECONDS } from './domain/sign-in.ts';
import { authenticateByToken } from './entrypoints/bearer.ts';
import { providerPages } from './entrypoints/sign-in-pages.ts';
import type { HospitalOf } from './ports/hospital.ts';
import type { IdentityProvider } from './ports/identity-provider.ts';

const SWEEP_MS = 600_000;

/** The part of the composition root for who may come in: the identity provider, its keys, and what tokens are worth. */
export function composeSignIn(o: {
  readonly config: Pick<ApiGatewayConfig, 'sessionHours'>;
  readonly database: GatewayDatabase;
  readonly cipher: FieldCipher;
  readonly keyValue: KeyValue;
  readonly hospitalOf: HospitalOf;
  readonly verifyPassword: VerifyPassword;
  /** Asked once we listen. */
  readonly publicUrl: () => string;
  readonly logger: Logger;
}) {
  const { database, cipher, logger, publicUrl } = o;
  const staff = createStaffDirectory({ find: findThroughDirectory(o.hospitalOf) });
  const records = createPostgresOidcRecords({ database, cipher });
  const keys = createSigningKeys({
    store: createPostgresOidcKeys({ database, cipher, logger }),
    tokenSeconds: ACCESS_TOKEN_SECONDS,
    logger,
  });
  let made: IdentityProvider | undefined;
  const provider = () =>
    (made ??= createIdentityProvider({
      ...{ records, keys, staff, logger },
      publicUrl: publicUrl(),
      sessionHours: o.config.sessionHours,
      pages: providerPages,
    }));

  let sweeping: NodeJS.Timeout | undefined;
  const sweeper: Component = {
    name: 'sweeping of sign-ins',
    async start() {
      sweeping = setInterval(() => {
        records
          .sweep()
          .catch((err: unknown) => logger.warn('old sign-ins could not be removed; next time', { err }));
      }, SWEEP_MS);
      sweeping.unref();
    },
    async close() {
      clearInterval(sweeping);
    },
  };

  return {
    components: [keys, sweeper] as readonly Component[],
    provider,
    keys,
    authenticate: authenticateByToken({ publicUrl, keys, staff }),
    forEndpoints: {
      provider,
      verifyPassword: o.verifyPassword,
      limits: createSignInLimits(o.keyValue),
    },
  };
}
