import { createComfortNoise, audibleRms, mumble, rms, voicedSpan } from './sound.ts';
import { tone } from '../testing/tone-voice.ts';

describe('sound', () => {
  it('finds the first and last audible sample', () => {
    const samples = new Int16Array(8000);
    samples.set(tone(200), 1600);
    expect(voicedSpan(samples)).toEqual({ firstSample: 1600, lastSample: 3199 });
    expect(voicedSpan(new Int16Array(800))).toBeUndefined();
  });
  it('keeps the noise of the line inaudible and repeatable', () => {
    expect(rms(createComfortNoise(1)(1600))).toBeLessThan(audibleRms / 4);
    expect(createComfortNoise(5)(160)).toEqual(createComfortNoise(5)(160));
  });
  it('mumbles as loud as it speaks', () => {
    expect(rms(mumble(tone(500), 1))).toBeGreaterThan(rms(tone(500)) * 0.9);
  });
});
