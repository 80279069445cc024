import type { FieldCipher } from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import { Personal } from '@wardline/personal-data';
import type { OidcKey, OidcKeys } from '../../ports/oidc-store.ts';
import type { GatewayDatabase } from './gateway-database.ts';
import { INSTALLATION } from './oidc-records.ts';

const context = 'oidc_keys.sealed';
/** Any number that no other advisory lock of this database uses. */
const lockNumber = 7_461_904_118;

/** Keys in Postgres, sealed for the installation. */
export function createPostgresOidcKeys(o: {
  readonly database: Pick<GatewayDatabase, 'client'>;
  readonly cipher: Pick<FieldCipher, 'seal' | 'open'>;
  readonly logger: Logger;
}): OidcKeys {
  interface Row {
    readonly keyId: string;
    readonly purpose: string;
    readonly sealed: string;
    readonly createdAt: Date;
    readonly verifiesUntil: Date | null;
  }
  const stillVerifying = (now: Date) => ({
    where: { OR: [{ verifiesUntil: null }, { verifiesUntil: { gt: now } }] },
    orderBy: [{ createdAt: 'desc' as const }, { keyId: 'desc' as const }],
  });
  function opened(rows: readonly Row[]): OidcKey[] {
    return rows.flatMap(({ keyId, purpose, sealed, createdAt, verifiesUntil }) => {
      try {
        const secret = o.cipher.open(INSTALLATION, sealed, context).reveal();
        const of = { keyId, secret, createdAt, verifiesUntil: verifiesUntil ?? undefined };
        return [{ ...of, purpose: purpose === 'cookie' ? ('cookie' as const) : ('token' as const) }];
      } catch (err) {
        // Its data key is gone: what it has signed is worth nothing any more, and a new one takes its place.
        o.logger.error('a signing key cannot be opened', { err, key_id: keyId });
        return [];
      }
    });
  }

  return {
    list: async (now) => opened(await o.database.client.oidcKey.findMany(stillVerifying(now))),
    async change(now, plan) {
      await o.database.client.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockNumber}::bigint)`;
        const { add, end } = plan(opened(await tx.oidcKey.findMany(stillVerifying(now))));
        for (const [keyId, verifiesUntil] of end)
          await tx.oidcKey.update({ where: { keyId }, data: { verifiesUntil } });
        for (const { keyId, purpose, secret, createdAt } of add)
          await tx.oidcKey.create({
            data: {
              ...{ keyId, purpose, createdAt },
              sealed: o.cipher.seal(INSTALLATION, Personal.of(secret), context),
            },
          });
        await tx.oidcKey.deleteMany({ where: { verifiesUntil: { lte: now } } });
      });
    },
  };
}
