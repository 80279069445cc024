/** One version of a tenant's data key. */
export interface DataKey {
  /** Goes into every sealed value; no dots. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Where a tenant's keys come from. Synchronous, because fields are sealed in the middle of building a row. */
export interface Keyring {
  /** The key new values are sealed with; the tenant's first one is made when there is none. */
  sealingKey(tenantId: string): DataKey;
  /** @throws FieldEncryptionError `key-unknown` */
  openingKey(tenantId: string, keyId: string): DataKey;
  /** 32 bytes that stay the same for the life of the tenant: an index made yesterday must be found tomorrow. */
  indexKey(tenantId: string): Uint8Array;
  /** Makes a new data key the current one. Old ones go on opening what they sealed. */
  rotate(tenantId: string): { keyId: string };
  /** All of a tenant's data keys, oldest first. */
  keyIds(tenantId: string): readonly string[];
}

const TENANT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A tenant id becomes a folder's name and part of what is authenticated: it must be a UUID; it is lower-cased. */
export function parseTenantId(tenantId: string): string {
  if (!TENANT.test(tenantId)) throw new RangeError('a tenant id must be a UUID');
  return tenantId.toLowerCase();
}
