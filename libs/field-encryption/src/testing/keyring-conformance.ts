import { FieldEncryptionError } from '../errors.ts';
import type { Keyring } from '../keyring.ts';

const tenantA = '01930000-0000-7000-8000-00000000a001';
const tenantB = '01930000-0000-7000-8000-00000000b001';

/** What every keyring promises. `create` gives an empty one. */
export function describeKeyring(name: string, create: () => Keyring): void {
  describe(`keyring: ${name}`, () => {
    it('makes a 32-byte key on first use and keeps it', () => {
      const keyring = create();
      const { id, key } = keyring.sealingKey(tenantA);
      expect(key.byteLength).toBe(32);
      expect(id).toMatch(/^[A-Za-z0-9-]+$/);
      expect(keyring.sealingKey(tenantA)).toEqual({ id, key });
      expect(keyring.openingKey(tenantA, id)).toEqual({ id, key });
    });

    it('gives tenants keys of their own', () => {
      const keyring = create();
      const [a, b] = [keyring.sealingKey(tenantA), keyring.sealingKey(tenantB)];
      expect(Buffer.from(a.key).equals(b.key)).toBe(false);
      expect(Buffer.from(keyring.indexKey(tenantA)).equals(keyring.indexKey(tenantB))).toBe(false);
      expect(() => keyring.openingKey(tenantB, a.id)).toThrow(FieldEncryptionError);
    });

    it('seals with the new key after a rotation and opens with the old one', () => {
      const keyring = create();
      const old = keyring.sealingKey(tenantA);
      const index = Buffer.from(keyring.indexKey(tenantA));
      const { keyId } = keyring.rotate(tenantA);
      expect(keyring.sealingKey(tenantA).id).toBe(keyId);
      expect(keyId).not.toBe(old.id);
      expect(keyring.openingKey(tenantA, old.id)).toEqual(old);
      expect(index.equals(keyring.indexKey(tenantA))).toBe(true);
      expect(keyring.keyIds(tenantA)).toEqual([old.id, keyId]);
    });

    it('does not know a key it never made', () => {
      expect(() => create().openingKey(tenantA, 'k9-00000000')).toThrow(
        expect.objectContaining({ code: 'key-unknown' }) as Error,
      );
    });

    it('takes a tenant id in either case, and nothing but a UUID', () => {
      const keyring = create();
      expect(keyring.sealingKey(tenantA.toUpperCase())).toEqual(keyring.sealingKey(tenantA));
      for (const bad of ['', '../etc', 'tenant', `${tenantA}/..`]) {
        expect(() => keyring.sealingKey(bad)).toThrow(RangeError);
        expect(() => keyring.rotate(bad)).toThrow(RangeError);
      }
    });
  });
}
