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
  /** Oldest first. */
  readonly versions: readonly Version[];
  readonly byId: ReadonlyMap<string, DataKey>;
  readonly index: Uint8Array;
  readonly readAt: number;
}

interface Version {
  readonly number: number;
  readonly key: DataKey;
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

  const reload = (tenant: string): TenantKeys | undefined => {
    const keys = readTenant(folderOf(tenant), tenant, wrapping, now());
    if (keys) cache.set(tenant, keys);
    else cache.delete(tenant);
    return keys;
  };
  const recent = (tenant: string): TenantKeys | undefined => {
    const known = cache.get(tenant);
    return known && now() - known.readAt < freshMs ? known : reload(tenant);
  };
  /** The tenant's keys, made when it has none: for what is about to be written, never for reading. */
  const ensured = (tenant: string): TenantKeys => {
    const known = recent(tenant);
    if (known) return known;
    createTenant(folderOf(tenant), tenant, wrapping);
    return reload(tenant)!;
  };

  return {
    sealingKey: (tenantId) => ensured(parseTenantId(tenantId)).versions.at(-1)!.key,

    openingKey(tenantId, keyId) {
      const tenant = parseTenantId(tenantId);
      const key = recent(tenant)?.byId.get(keyId) ?? reload(tenant)?.byId.get(keyId);
      if (!key) {
        throw new FieldEncryptionError(
          'key-unknown',
          `tenant ${tenant} has no key ${keyId} in ${folderOf(tenant)}: it was erased, or its file must be restored`,
        );
      }
      return key;
    },

    indexKey: (tenantId) => ensured(parseTenantId(tenantId)).index,

    rotate(tenantId) {
      const tenant = parseTenantId(tenantId);
      ensured(tenant);
      for (let attempt = 1; attempt <= ROTATE_ATTEMPTS_MAX; attempt++) {
        const number = (reload(tenant)?.versions.at(-1)?.number ?? 0) + 1;
        const id = newKeyId(number);
        if (createKeyFile(versionFile(folderOf(tenant), number), id, tenant, wrapping)) {
          reload(tenant);
          return { keyId: id };
        }
      }
      throw new FieldEncryptionError(
        'key-file-invalid',
        `${folderOf(tenant)}: other processes rotate without end`,
      );
    },

    keyIds: (tenantId) => reload(parseTenantId(tenantId))?.versions.map(({ key }) => key.id) ?? [],
  };
}

/** Makes a tenant's first keys. Either we make a file or another process does; both then read the one that is there. */
function createTenant(folder: string, tenant: string, wrapping: Wrapping): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const index = path.join(folder, INDEX_FILE);
  // The version file comes last: a folder that has one is complete.
  if (!existsSync(index)) createKeyFile(index, 'index', tenant, wrapping);
  createKeyFile(versionFile(folder, 1), newKeyId(1), tenant, wrapping);
}

/** Undefined when the tenant has no keys, or another process is just making them. */
function readTenant(
  folder: string,
  tenant: string,
  wrapping: Wrapping,
  readAt: number,
): TenantKeys | undefined {
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder)
    .flatMap((name) => {
      const number = VERSION_FILE.exec(name)?.[1];
      return number === undefined ? [] : [{ number: Number(number), name }];
    })
    .sort((a, b) => a.number - b.number)
    .map(({ number, name }) => ({ number, key: readKeyFile(path.join(folder, name), tenant, wrapping) }));
  if (versions.length === 0) return undefined;
  const byId = new Map(versions.map(({ key }) => [key.id, key]));
  return { versions, byId, index: readKeyFile(path.join(folder, INDEX_FILE), tenant, wrapping).key, readAt };
}

function versionFile(folder: string, version: number): string {
  return path.join(folder, `${String(version).padStart(6, '0')}.key`);
}

/** The number is for people; the random part keeps a key made anew under an old number from being taken for it. */
function newKeyId(version: number): string {
  return `k${version}-${randomBytes(4).toString('hex')}`;
}
