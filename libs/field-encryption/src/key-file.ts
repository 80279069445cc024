import { hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { bind, decrypt, encrypt } from './aead.ts';
import { FieldEncryptionError } from './errors.ts';
import type { DataKey } from './keyring.ts';

/** Wraps and unwraps the keys that lie in files. */
export interface Wrapping {
  readonly key: Uint8Array;
}

/** The key that wraps all others, from an installation's master key (base64 of at least 32 random bytes). */
export function wrappingFrom(masterKey: string): Wrapping {
  const bytes = Buffer.from(masterKey, 'base64');
  if (bytes.length < 32) {
    throw new FieldEncryptionError(
      'master-key-invalid',
      'the master key must be base64 of at least 32 random bytes: "openssl rand -base64 32" makes one',
    );
  }
  return { key: new Uint8Array(hkdfSync('sha256', bytes, '', 'wardline/keyring/wrap/v1', 32)) };
}

interface KeyFileContent {
  readonly format: 1;
  readonly id: string;
  readonly createdAt: string;
  readonly wrapped: string;
}

/**
 * Makes a new key in `file`, whole and only once: it is written and flushed beside its place and then linked there,
 * which fails when the file exists. So two processes never make two keys of one name, and a crash leaves no half key.
 *
 * @returns false when the file was there already
 */
export function createKeyFile(file: string, id: string, tenant: string, wrapping: Wrapping): boolean {
  const box = encrypt(wrapping.key, randomBytes(32), bind('wardline/key', tenant, id));
  const content: KeyFileContent = {
    format: 1,
    id,
    createdAt: new Date().toISOString(),
    wrapped: Buffer.concat([box.nonce, box.body]).toString('base64url'),
  };
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.draft`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeSync(handle, JSON.stringify(content, undefined, 2) + '\n');
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    linkSync(draft, file);
    flushFolder(path.dirname(file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Makes the new name itself durable, not only the file's content. */
function flushFolder(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function readKeyFile(file: string, tenant: string, wrapping: Wrapping): DataKey {
  const { id, wrapped } = parseKeyFile(file);
  const bytes = Buffer.from(wrapped, 'base64url');
  const key = decrypt(
    wrapping.key,
    { nonce: bytes.subarray(0, 12), body: bytes.subarray(12) },
    bind('wardline/key', tenant, id),
  );
  if (!key) {
    throw new FieldEncryptionError(
      'master-key-wrong',
      `${file} does not open with this master key. Use the master key the file was made with; there is no other way in.`,
    );
  }
  return { id, key };
}

function parseKeyFile(file: string): KeyFileContent {
  let content: Partial<KeyFileContent>;
  try {
    content = JSON.parse(readFileSync(file, 'utf8')) as Partial<KeyFileContent>;
  } catch (cause) {
    throw new FieldEncryptionError('key-file-invalid', `${file} cannot be read as a key file; restore it`, {
      cause,
    });
  }
  if (content.format !== 1 || typeof content.id !== 'string' || typeof content.wrapped !== 'string') {
    throw new FieldEncryptionError('key-file-invalid', `${file} is not a key file of format 1; restore it`);
  }
  return content as KeyFileContent;
}
