import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** Wraps a bare 32-byte seed as PKCS#8 (RFC 8410, section 7): the fixed prefix of an Ed25519 private key. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @throws when the key is neither a 32-byte seed nor an Ed25519 PKCS#8 in DER. */
export function parseSigningKey(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  const der = bytes.length === 32 ? Buffer.concat([pkcs8Prefix, bytes]) : bytes;
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`an Ed25519 key is needed, this is ${key.asymmetricKeyType}`);
  return key;
}

/** Headers of one delivery: the signature covers `timestamp|body`. */
export function signedHeaders(key: KeyObject, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    'content-type': 'application/json',
    'user-agent': 'telnyx-webhooks',
    'telnyx-timestamp': timestamp,
    'telnyx-signature-ed25519': sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64'),
  };
}
