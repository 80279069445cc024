import { concatSamples, createResampler } from './resampler.ts';
import { splitFrames, rmsDbfs } from './frames.ts';
import { tone, toneSnrDb } from './testing/index.ts';

describe('resampler', () => {
  it.each([
    [8000, 16000, 1000],
    [16000, 8000, 1000],
    [8000, 16000, 3000],
    [24000, 8000, 2000],
  ])('carries a tone from %i to %i Hz (%i Hz) with at least 80 dB signal to noise', async (from, to, hz) => {
    const resampler = await createResampler(from, to);
    const out = resampler.process(tone({ hz, sampleRateHz: from, ms: 1000 }));
    resampler.close();
    expect(toneSnrDb(out, hz, to)).toBeGreaterThan(80);
  });

  it('suppresses what would fold into the telephone band', async () => {
    const resampler = await createResampler(24000, 8000);
    const out = resampler.process(tone({ hz: 5500, sampleRateHz: 24000, ms: 1000 }));
    resampler.close();
    expect(rmsDbfs(out.subarray(800, -800))).toBeLessThan(-60);
  });

  it('gives the same samples whether fed whole or in 20 ms frames', async () => {
    const signal = tone({ hz: 700, sampleRateHz: 8000, ms: 400 });
    const whole = await createResampler(8000, 16000);
    const framed = await createResampler(8000, 16000);
    const expected = concatSamples([whole.process(signal), whole.flush()]);
    const parts = splitFrames(signal, 160).map((frame) => framed.process(frame));
    expect(concatSamples([...parts, framed.flush()])).toEqual(expected);
    expect(expected.length).toBe(signal.length * 2);
    whole.close();
    framed.close();
  });

  it('keeps the time of an event: no delay is added', async () => {
    const click = new Int16Array(800);
    click[400] = 20000;
    const resampler = await createResampler(8000, 16000);
    const out = concatSamples([resampler.process(click), resampler.flush()]);
    resampler.close();
    const loudest = out.reduce(
      (best, value, i) => (Math.abs(value) > Math.abs(out[best] as number) ? i : best),
      0,
    );
    expect(Math.abs(loudest - 800)).toBeLessThanOrEqual(1);
  });

  it('closes once and refuses work afterwards', async () => {
    const resampler = await createResampler(8000, 16000);
    resampler.close();
    resampler.close();
    expect(() => resampler.process(new Int16Array(10))).toThrow('closed');
  });
});
