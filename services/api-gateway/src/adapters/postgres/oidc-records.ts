import type { FieldCipher } from '@wardline/field-encryption';
import { Personal } from '@wardline/personal-data';
import { createHash } from 'node:crypto';
import type { OidcRecord, OidcRecords } from '../../ports/oidc-store.ts';
import type { GatewayDatabase } from './gateway-database.ts';

/** What is sealed for no hospital is sealed for the installation. */
export const INSTALLATION = '00000000-0000-7000-8000-000000000000';
const context = 'oidc_records.sealed';

const hash = (id: string) => createHash('sha256').update(id).digest('base64url');

/** The provider's memory in Postgres: ids as hashes, contents sealed. */
export function createPostgresOidcRecords(o: {
  readonly database: GatewayDatabase;
  readonly cipher: Pick<FieldCipher, 'seal' | 'open'>;
}): OidcRecords & { sweep(): Promise<number> } {
  const { oidcRecord } = o.database.client;
  type Row = { sealed: string; consumedAt: Date | null; expiresAt: Date } | null;

  function opened(row: Row): OidcRecord | undefined {
    if (!row || row.expiresAt <= new Date()) return undefined;
    const payload = JSON.parse(o.cipher.open(INSTALLATION, row.sealed, context).reveal()) as Record<
      string,
      unknown
    >;
    return { payload, consumedAt: row.consumedAt ?? undefined };
  }

  return {
    async put(model, id, { payload, expiresAt }) {
      const [idHash, { grantId, uid }] = [hash(id), payload];
      const data = {
        grantHash: typeof grantId === 'string' && model !== 'Session' ? hash(grantId) : null,
        uidHash: typeof uid === 'string' ? hash(uid) : null,
        sealed: o.cipher.seal(INSTALLATION, Personal.of(JSON.stringify(payload)), context),
        expiresAt,
      };
      await oidcRecord.upsert({
        where: { model_idHash: { model, idHash } },
        create: { model, idHash, ...data },
        update: data,
      });
    },
    find: async (model, id) =>
      opened(await oidcRecord.findUnique({ where: { model_idHash: { model, idHash: hash(id) } } })),
    findByUid: async (model, uid) =>
      opened(await oidcRecord.findFirst({ where: { model, uidHash: hash(uid) } })),
    async consume(model, id) {
      const { count } = await oidcRecord.updateMany({
        where: { model, idHash: hash(id), consumedAt: null },
        data: { consumedAt: new Date() },
      });
      return count > 0;
    },
    async remove(model, id) {
      await oidcRecord.deleteMany({ where: { model, idHash: hash(id) } });
    },
    async removeGrant(grantId) {
      await oidcRecord.deleteMany({ where: { grantHash: hash(grantId) } });
    },
    async sweep() {
      const { count } = await oidcRecord.deleteMany({ where: { expiresAt: { lt: new Date() } } });
      return count;
    },
  };
}
