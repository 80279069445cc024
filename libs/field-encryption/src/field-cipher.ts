import { createHmac } from 'node:crypto';
import { Personal } from '@wardline/personal-data';
import { bind, decrypt, encrypt, preparedKey } from './aead.ts';
import { FieldEncryptionError } from './errors.ts';
import { parseTenantId, type Keyring } from './keyring.ts';

export interface FieldCipher {
  /**
   * Encrypts a value for one place: `context` is `table.column` or `event/field`. The result is
   * `<keyId>.<nonce>.<ciphertext and tag>`, base64url, and differs every time.
   */
  seal(tenantId: string, value: Personal, context: string): string;
  /**
   * @throws FieldEncryptionError `sealed-unreadable` when it was sealed for another tenant or context, or was changed;
   * `key-unknown` when its key is gone; `sealed-malformed` when it is no sealed value at all
   */
  open(tenantId: string, sealed: string, context: string): Personal;
  /**
   * A keyed hash by which an encrypted value can be found: 64 hex digits, the same for the same tenant, value and
   * purpose for ever. Bring the value into one form first (E.164 for a number).
   */
  blindIndex(tenantId: string, value: string, purpose: string): string;
  /** Whether the value is sealed with another key than the current one. */
  needsReseal(tenantId: string, sealed: string): boolean;
}

/** Field encryption over a keyring: AES-256-GCM, the tenant and the context authenticated with the value. */
export function createFieldCipher(keyring: Keyring): FieldCipher {
  return {
    seal(tenantId, value, context) {
      const tenant = parseTenantId(tenantId);
      const { id, key } = keyring.sealingKey(tenant);
      const box = encrypt(key, Buffer.from(value.reveal(), 'utf8'), bindingOf(tenant, context));
      return `${id}.${box.nonce.toString('base64url')}.${box.body.toString('base64url')}`;
    },

    open(tenantId, sealed, context) {
      const tenant = parseTenantId(tenantId);
      const parts = parseSealed(sealed);
      const { key } = keyring.openingKey(tenant, parts.keyId);
      const plain = decrypt(key, parts, bindingOf(tenant, context));
      if (!plain) {
        throw new FieldEncryptionError(
          'sealed-unreadable',
          `a value sealed with ${parts.keyId} does not open as ${context} of tenant ${tenant}: it was changed, or ` +
            'belongs to another tenant or place',
        );
      }
      return Personal.of(plain.toString('utf8'));
    },

    blindIndex(tenantId, value, purpose) {
      const key = keyring.indexKey(parseTenantId(tenantId));
      return createHmac('sha256', preparedKey(key))
        .update(bind('wardline/blind-index', purpose, value))
        .digest('hex');
    },

    needsReseal(tenantId, sealed) {
      return parseSealed(sealed).keyId !== keyring.sealingKey(parseTenantId(tenantId)).id;
    },
  };
}

function bindingOf(tenant: string, context: string): Buffer {
  if (context === '') throw new RangeError('a context is needed, such as "appointment.patient_phone"');
  return bind('wardline/field', tenant, context);
}

interface Sealed {
  readonly keyId: string;
  readonly nonce: Buffer;
  readonly body: Buffer;
}

function parseSealed(sealed: string): Sealed {
  const [keyId = '', nonceText = '', bodyText = '', ...rest] = sealed.split('.');
  const nonce = Buffer.from(nonceText, 'base64url');
  const body = Buffer.from(bodyText, 'base64url');
  // Decoders skip foreign characters and spare bits; only the one spelling that `seal` writes is accepted.
  const exact = nonce.toString('base64url') === nonceText && body.toString('base64url') === bodyText;
  if (
    rest.length > 0 ||
    !/^[A-Za-z0-9-]{1,64}$/.test(keyId) ||
    !exact ||
    nonce.length !== 12 ||
    body.length < 16
  ) {
    throw new FieldEncryptionError('sealed-malformed', 'not a sealed value (keyId.nonce.ciphertext)');
  }
  return { keyId, nonce, body };
}
