import { randomBytes } from 'node:crypto';
import { FieldEncryptionError } from '../errors.ts';
import { parseTenantId, type DataKey, type Keyring } from '../keyring.ts';

/** A keyring that lives and dies with the test. */
export function createMemoryKeyring(): Keyring {
  const tenants = new Map<string, { versions: DataKey[]; index: Uint8Array }>();
  const of = (tenantId: string): { versions: DataKey[]; index: Uint8Array } => {
    const tenant = parseTenantId(tenantId);
    const known = tenants.get(tenant);
    if (known) return known;
    const made = { versions: [newKey(1)], index: randomBytes(32) };
    tenants.set(tenant, made);
    return made;
  };
  return {
    sealingKey: (tenantId) => of(tenantId).versions.at(-1)!,
    openingKey(tenantId, keyId) {
      const key = tenants.get(parseTenantId(tenantId))?.versions.find((version) => version.id === keyId);
      if (!key) throw new FieldEncryptionError('key-unknown', `no key ${keyId}`);
      return key;
    },
    indexKey: (tenantId) => of(tenantId).index,
    rotate(tenantId) {
      const { versions } = of(tenantId);
      const key = newKey(versions.length + 1);
      versions.push(key);
      return { keyId: key.id };
    },
    keyIds: (tenantId) => (tenants.get(parseTenantId(tenantId))?.versions ?? []).map((key) => key.id),
  };
}

function newKey(version: number): DataKey {
  return { id: `k${version}-${randomBytes(4).toString('hex')}`, key: randomBytes(32) };
}
