import fc from 'fast-check';
import { codecOf, decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw, isG711 } from './g711.ts';

// ITU-T G.711 computed from its definition, independent of the library: mu-law bytes are inverted, sign, 3 bits of
// segment, 4 of interval, bias 33 (132 at 16 bit); A-law toggles the even bits (0x55).
function mulawByDefinition(byte: number): number {
  const inverted = ~byte & 0xff;
  const magnitude = ((((inverted & 0x0f) << 3) + 132) << ((inverted & 0x70) >> 4)) - 132;
  return inverted & 0x80 ? -magnitude : magnitude;
}
function alawByDefinition(byte: number): number {
  const toggled = byte ^ 0x55;
  const segment = (toggled & 0x70) >> 4;
  const base = ((toggled & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? base : (base + 0x100) << (segment - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}
const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('G.711', () => {
  it('decodes all 256 mu-law codes as the Recommendation defines them', () => {
    expect([...decodeMulaw(everyByte)]).toEqual([...everyByte].map(mulawByDefinition).map((v) => v + 0));
  });

  it('decodes all 256 A-law codes as the Recommendation defines them', () => {
    expect([...decodeAlaw(everyByte)]).toEqual([...everyByte].map(alawByDefinition));
  });

  it('knows the extremes and silence', () => {
    expect([...decodeMulaw(Uint8Array.of(0x00, 0x80, 0xff))]).toEqual([-32124, 32124, 0]);
    expect([...decodeAlaw(Uint8Array.of(0xd5, 0x55))]).toEqual([8, -8]);
    expect(codecOf('PCMU').decode(Uint8Array.of(codecOf('PCMU').silence))[0]).toBe(0);
    expect(
      Math.abs(codecOf('PCMA').decode(Uint8Array.of(codecOf('PCMA').silence))[0] as number),
    ).toBeLessThanOrEqual(8);
  });

  it('gives back every level it can express', () => {
    expect([...decodeMulaw(encodeMulaw(decodeMulaw(everyByte)))]).toEqual([...decodeMulaw(everyByte)]);
    expect([...decodeAlaw(encodeAlaw(decodeAlaw(everyByte)))]).toEqual([...decodeAlaw(everyByte)]);
  });

  it('stays within half a quantisation step of any sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: -32124, max: 32124 }), (sample) => {
        // The widest step of a segment is 1/16 of its top; half of that, plus the offset of the smallest segment.
        const bound = Math.abs(sample) / 32 + 16;
        const one = Int16Array.of(sample);
        expect(Math.abs((decodeMulaw(encodeMulaw(one))[0] as number) - sample)).toBeLessThanOrEqual(bound);
        expect(Math.abs((decodeAlaw(encodeAlaw(one))[0] as number) - sample)).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('recognises the encodings it can decode', () => {
    expect(['PCMU', 'PCMA', 'G722', 'pcmu'].map(isG711)).toEqual([true, true, false, false]);
  });
});
