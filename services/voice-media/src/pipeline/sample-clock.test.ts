import { SampleClock } from './sample-clock.ts';

it('knows when a sample arrived and which one arrived at an instant, through jitter', () => {
  const clock = new SampleClock(8_000);
  expect(clock.instantOf(1)).toBe(0);
  expect(clock.sampleAt(1)).toBe(0);
  clock.arrived(160, 1_020);
  clock.arrived(160, 1_055);
  expect(clock.instantOf(160)).toBe(1_020);
  expect(clock.instantOf(80)).toBe(1_010);
  expect(clock.instantOf(320)).toBe(1_055);
  expect(clock.sampleAt(1_055)).toBe(320);
  expect(clock.sampleAt(1_010)).toBe(80);
  expect(clock.sampleAt(900)).toBeLessThan(0);
});

it('forgets old frames', () => {
  const clock = new SampleClock(8_000);
  for (let frame = 1; frame <= 1_000; frame += 1) clock.arrived(160, frame * 20);
  expect(clock.instantOf(160_000)).toBe(20_000);
});
