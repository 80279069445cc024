import { scramVerifier } from './scram.ts';

describe('scramVerifier', () => {
  it('has the form PostgreSQL stores, and never the password', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil-pencil', salt)).toMatch(
      /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/,
    );
  });

  it('refuses what would need normalising first', () => {
    for (const bad of ['short', 'with spaces in it', 'pässwörter-more']) {
      expect(() => scramVerifier(bad)).toThrow(RangeError);
    }
  });
});
