import alawmulaw from 'alawmulaw';

/**
 * G.711 companding (ITU-T G.711): one byte per sample at 8 kHz, 64 kbit/s. Linear samples are 16-bit signed, mono.
 * The tables come from the `alawmulaw` package; the tests hold them against the Recommendation's decision values.
 */
export interface Codec {
  readonly encoding: 'PCMU' | 'PCMA';
  /** The byte that decodes to (almost) zero: what a gap is filled with. */
  readonly silence: number;
  decode(bytes: Uint8Array): Int16Array;
  encode(samples: Int16Array): Uint8Array;
}

const { alaw, mulaw } = alawmulaw;

const tableOf = (decodeSample: (byte: number) => number): Int16Array =>
  Int16Array.from({ length: 256 }, (_, byte) => decodeSample(byte));

const MULAW = tableOf((byte) => mulaw.decodeSample(byte));
const ALAW = tableOf((byte) => alaw.decodeSample(byte));

// A table look-up costs a third of computing each sample, and this runs 50 times a second for every call.
function expand(table: Int16Array, bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) samples[i] = table[bytes[i] as number] as number;
  return samples;
}

export const decodeMulaw = (bytes: Uint8Array): Int16Array => expand(MULAW, bytes);
export const decodeAlaw = (bytes: Uint8Array): Int16Array => expand(ALAW, bytes);
export const encodeMulaw = (samples: Int16Array): Uint8Array => mulaw.encode(samples);

export function encodeAlaw(samples: Int16Array): Uint8Array {
  return alaw.encode(samples);
}

const CODECS: Readonly<Record<'PCMU' | 'PCMA', Codec>> = {
  PCMU: { encoding: 'PCMU', silence: 0xff, decode: decodeMulaw, encode: encodeMulaw },
  PCMA: { encoding: 'PCMA', silence: 0xd5, decode: decodeAlaw, encode: encodeAlaw },
};

/** The codec for a carrier's `media_format.encoding` (RFC 3551 names). */
export function codecOf(encoding: 'PCMU' | 'PCMA'): Codec {
  return CODECS[encoding];
}

/** Whether a carrier's encoding name is one we can decode. */
export const isG711 = (encoding: string): encoding is 'PCMU' | 'PCMA' =>
  encoding === 'PCMU' || encoding === 'PCMA';
