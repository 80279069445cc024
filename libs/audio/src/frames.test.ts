import fc from 'fast-check';
import { FRAME_SAMPLES, peakDbfs, rmsDbfs, splitFrames } from './frames.ts';
import { readWav, writeWav } from './wav.ts';
import { tone } from './testing/index.ts';

describe('frames', () => {
  it('are 160 samples long', () => expect(FRAME_SAMPLES).toBe(160));

  it('cover the audio exactly and are all full', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const frames = splitFrames(bytes, 160, 0xff);
        expect(frames.every((frame) => frame.length === 160)).toBe(true);
        const joined = frames.flatMap((frame) => [...frame]);
        expect(joined.slice(0, bytes.length)).toEqual([...bytes]);
        expect(joined.slice(bytes.length).every((byte) => byte === 0xff)).toBe(true);
        expect(frames.length).toBe(Math.ceil(bytes.length / 160));
      }),
    );
  });

  it('are copies', () => {
    const bytes = new Uint8Array(160);
    const [frame] = splitFrames(bytes, 160);
    bytes.fill(1);
    expect(frame?.[0]).toBe(0);
  });

  it('refuses a length that cannot be', () =>
    expect(() => splitFrames(new Uint8Array(1), 0)).toThrow(RangeError));
});

describe('levels', () => {
  it('are in dB of full scale', () => {
    const half = tone({ hz: 1000, sampleRateHz: 8000, ms: 100, amplitude: 0.5 });
    expect(peakDbfs(half)).toBeCloseTo(-6.02, 1);
    expect(rmsDbfs(half)).toBeCloseTo(-9.03, 1);
    expect(peakDbfs(new Int16Array(10))).toBe(-Infinity);
  });
});

describe('WAV', () => {
  it('comes back as it was written', () => {
    const samples = tone({ hz: 440, sampleRateHz: 8000, ms: 50 });
    const sound = readWav(writeWav({ sampleRateHz: 8000, samples }));
    expect(sound.sampleRateHz).toBe(8000);
    expect([...sound.samples]).toEqual([...samples]);
  });

  it('is refused when it is none', () => expect(() => readWav(new Uint8Array(64))).toThrow());
});
