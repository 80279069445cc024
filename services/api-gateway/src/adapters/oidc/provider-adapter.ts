import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { OidcRecord, OidcRecords } from '../../ports/oidc-store.ts';

const epochSeconds = (date: Date) => Math.floor(date.getTime() / 1_000);

/** What the library asks of a store (https://github.com/panva/node-oidc-provider, `example/my_adapter.js`), on our port. */
export const adapterOn =
  (records: OidcRecords) =>
  (model: string): Adapter => {
    const told = (found: OidcRecord | undefined): AdapterPayload | undefined =>
      found && {
        ...found.payload,
        ...(found.consumedAt ? { consumed: epochSeconds(found.consumedAt) } : {}),
      };
    return {
      async upsert(id, payload, expiresIn) {
        // Everything that we let the library keep has an end.
        if (expiresIn === undefined) throw new Error(`a ${model} without an end`);
        const expiresAt = new Date(Date.now() + expiresIn * 1_000);
        await records.put(model, id, { payload: payload as Record<string, unknown>, expiresAt });
      },
      find: async (id) => told(await records.find(model, id)),
      findByUid: async (uid) => told(await records.findByUid(model, uid)),
      // Of devices, which we have none of.
      findByUserCode: async () => undefined,
      async consume(id) {
        // Of two requests that come at once with the same code or token, the second has to fail as a reuse does.
        if (!(await records.consume(model, id))) throw new errors.InvalidGrant('already used');
      },
      destroy: (id) => records.remove(model, id),
      revokeByGrantId: (grantId) => records.removeGrant(grantId),
    };
  };
