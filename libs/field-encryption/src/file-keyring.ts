import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { FieldEncryptionError } from './errors.ts';
import { createKeyFile, readKeyFile, wrappingFrom, type Wrapping } from './key-file.ts';
import { parseTenantId, type DataKey, type Keyring } from './keyring.ts';

export interface FileKeyringOptions {
  /** Folder of the keys, made with mode 0700; several processes may share it. */
  readonly dir: string;
  /** Base64 of at least 32 bytes; wraps every key in the folder and is not kept in it. */
  readonly masterKey: string;
  /** How old the picture of a folder may be before a look finds other processes' rotations. Default 1,000. */
  readonly freshMs?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

interface TenantKeys {
  /** By version, oldest first. */
  readonly versions: readonly DataKey[];
  readonly byId: ReadonlyMap<string, DataKey>;
  readonly index: Uint8Array;
  readonly readAt: number;
}

const VERSION_FILE = /^(\d{6})\.key$/;
const INDEX_FILE = 'index.key';
/** As many processes may rotate at the same moment before one of them gives up. */
const ROTATE_ATTEMPTS_MAX = 20;

/**
 * Keys in files: per tenant a folder with one file per version (`000001.key`, …), the highest being current, and
 * `index.key` for the blind index, which is not rotated with them. Nothing is ever overwritten, so processes need no
 * lock; deleting a tenant's folder makes all its sealed values unreadable, everywhere and for good.
 */
export function createFileKeyring(o: FileKeyringOptions): Keyring {
  const wrapping = wrappingFrom(o.masterKey);
  const now = o.now ?? (() => performance.now());
  const freshMs = o.freshMs ?? 1000;
  const cache = new Map<string, TenantKeys>();
  const folderOf = (tenant: string): string => path.join(o.dir, tenant);

  const reload = (tenant: string): TenantKeys => {
    const keys = readTenant(folderOf(tenant), tenant, wrapping, now());
    cache.set(tenant, keys);
    return keys;
  };
  const fresh = (tenant: string): TenantKeys => {
    const known = cache.get(tenant);
    if (!known || now() - known.readAt >= freshMs) return reload(tenant);
    return known;
  };

  return {
    sealingKey: (tenantId) => fresh(parseTenantId(tenantId)).versions.at(-1)!,

    openingKey(tenantId, keyId) {
      const tenant = parseTenantId(tenantId);
      const key = cache.get(tenant)?.byId.get(keyId) ?? reload(tenant).byId.get(keyId);
      if (!key) {
        throw new FieldEncryptionError(
          'key-unknown',
          `tenant ${tenant} has no key ${keyId} in ${folderOf(tenant)}; restore the folder's files from a backup`,
        );
      }
      return key;
    },

    indexKey: (tenantId) => fresh(parseTenantId(tenantId)).index,

    rotate(tenantId) {
      const tenant = parseTenantId(tenantId);
      for (let attempt = 1; attempt <= ROTATE_ATTEMPTS_MAX; attempt++) {
        const next = reload(tenant).versions.length + 1;
        const id = newKeyId(next);
        if (createKeyFile(versionFile(folderOf(tenant), next), id, tenant, wrapping)) {
          reload(tenant);
          return { keyId: id };
        }
      }
      throw new FieldEncryptionError(
        'key-file-invalid',
        `${folderOf(tenant)}: other processes rotate without end`,
      );
    },

    keyIds: (tenantId) => reload(parseTenantId(tenantId)).versions.map((key) => key.id),
  };
}

function readTenant(folder: string, tenant: string, wrapping: Wrapping, readAt: number): TenantKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Either we make the first files or another process does; then we read whatever won.
  const first = versionFile(folder, 1);
  if (!existsSync(first)) createKeyFile(first, newKeyId(1), tenant, wrapping);
  const indexFile = path.join(folder, INDEX_FILE);
  if (!existsSync(indexFile)) createKeyFile(indexFile, 'index', tenant, wrapping);

  const versions = readdirSync(folder)
    .filter((name) => VERSION_FILE.test(name))
    .sort()
    .map((name) => readKeyFile(path.join(folder, name), tenant, wrapping));
  const byId = new Map(versions.map((key) => [key.id, key]));
  return { versions, byId, index: readKeyFile(indexFile, tenant, wrapping).key, readAt };
}

function versionFile(folder: string, version: number): string {
  return path.join(folder, `${String(version).padStart(6, '0')}.key`);
}

/** The number is for people; the random part keeps a key made anew under an old number from being taken for it. */
function newKeyId(version: number): string {
  return `k${version}-${randomBytes(4).toString('hex')}`;
}
