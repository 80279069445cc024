import { Personal } from '@wardline/personal-data';
import fc from 'fast-check';
import { createFieldCipher } from './field-cipher.ts';
import { createMemoryKeyring } from './testing/index.ts';

const tenantA = '01930000-0000-7000-8000-00000000a001';
const tenantB = '01930000-0000-7000-8000-00000000b001';
const phone = Personal.of('+12025550143');

function setUp() {
  const keyring = createMemoryKeyring();
  return { keyring, cipher: createFieldCipher(keyring) };
}

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('seal and open', () => {
  it('give back any text', () => {
    const { cipher } = setUp();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = cipher.seal(tenantA, Personal.of(text), 'call.caller');
        expect(cipher.open(tenantA, sealed, 'call.caller').reveal()).toBe(text);
      }),
    );
  });

  it('fail when any one character of the sealed text is another', () => {
    const { cipher } = setUp();
    const sealed = cipher.seal(tenantA, phone, 'call.caller');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(sealed[at] !== character);
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        expect(['sealed-unreadable', 'sealed-malformed', 'key-unknown']).toContain(
          codeOf(() => cipher.open(tenantA, changed, 'call.caller')),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('fail when a character was added, dropped or the text is no sealed value', () => {
    const { cipher } = setUp();
    const sealed = cipher.seal(tenantA, phone, 'call.caller');
    for (const bad of [
      '',
      'x',
      '+12025550143',
      `${sealed}.`,
      `${sealed}A`,
      sealed.slice(0, -1),
      `.${sealed}`,
      'a.b.c',
    ]) {
      expect(codeOf(() => cipher.open(tenantA, bad, 'call.caller'))).toMatch(/^(sealed-|key-unknown)/);
    }
  });

  it('bind a value to its tenant and its place', () => {
    const { cipher } = setUp();
    const sealed = cipher.seal(tenantA, phone, 'appointment.patient_phone');
    cipher.seal(tenantB, phone, 'appointment.patient_phone');
    expect(codeOf(() => cipher.open(tenantA, sealed, 'appointment.patient_name'))).toBe('sealed-unreadable');
    expect(codeOf(() => cipher.open(tenantB, sealed, 'appointment.patient_phone'))).toBe('key-unknown');
  });

  it('bind to the tenant even where two tenants had the same key', () => {
    const key = new Uint8Array(32).fill(7);
    const shared = { id: 'k1-00000000', key };
    const cipher = createFieldCipher({
      sealingKey: () => shared,
      openingKey: () => shared,
      indexKey: () => key,
      rotate: () => ({ keyId: shared.id }),
      keyIds: () => [shared.id],
    });
    const sealed = cipher.seal(tenantA, phone, 'a.b');
    expect(codeOf(() => cipher.open(tenantB, sealed, 'a.b'))).toBe('sealed-unreadable');
    expect(cipher.open(tenantA, sealed, 'a.b').reveal()).toBe(phone.reveal());
  });

  it('never give the same text twice, and never the value', () => {
    const { cipher } = setUp();
    const sealed = Array.from({ length: 50 }, () => cipher.seal(tenantA, phone, 'a.b'));
    expect(new Set(sealed).size).toBe(50);
    expect(sealed.join()).not.toContain('2025550143');
  });

  it('name neither value nor key in an error', () => {
    const { cipher } = setUp();
    const sealed = cipher.seal(tenantA, phone, 'a.b');
    try {
      cipher.open(tenantA, sealed, 'c.d');
    } catch (error) {
      expect(String(error)).not.toContain('2025550143');
      expect(String(error)).not.toContain(sealed.split('.')[2]);
    }
    expect.assertions(2);
  });

  it('ask for a context', () => {
    expect(() => setUp().cipher.seal(tenantA, phone, '')).toThrow(RangeError);
  });
});

describe('needsReseal', () => {
  it('is true for what was sealed before the last rotation', () => {
    const { keyring, cipher } = setUp();
    const sealed = cipher.seal(tenantA, phone, 'a.b');
    expect(cipher.needsReseal(tenantA, sealed)).toBe(false);
    keyring.rotate(tenantA);
    expect(cipher.needsReseal(tenantA, sealed)).toBe(true);
    const again = cipher.seal(tenantA, cipher.open(tenantA, sealed, 'a.b'), 'a.b');
    expect(cipher.needsReseal(tenantA, again)).toBe(false);
  });
});

describe('blindIndex', () => {
  it('finds the same value again, also after a rotation', () => {
    const { keyring, cipher } = setUp();
    const index = cipher.blindIndex(tenantA, phone.reveal(), 'phone');
    expect(index).toMatch(/^[0-9a-f]{64}$/);
    keyring.rotate(tenantA);
    expect(cipher.blindIndex(tenantA, phone.reveal(), 'phone')).toBe(index);
  });

  it('differs by tenant, purpose and value, and cannot be shifted from one into the other', () => {
    const { cipher } = setUp();
    const all = [
      cipher.blindIndex(tenantA, 'ab', 'c'),
      cipher.blindIndex(tenantA, 'a', 'bc'),
      cipher.blindIndex(tenantA, 'a', 'b'),
      cipher.blindIndex(tenantB, 'ab', 'c'),
    ];
    expect(new Set(all).size).toBe(4);
  });
});
