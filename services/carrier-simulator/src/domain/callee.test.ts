import {
  behaviours,
  conductOf,
  detectionWord,
  isWithin,
  pickupOf,
  seedOf,
  usualBehaviour,
} from './callee.ts';

describe('whoever is called', () => {
  it('behaves the same for the same seed', () => {
    for (const behaviour of behaviours)
      expect(conductOf({ behaviour, seed: 5 })).toEqual(conductOf({ behaviour, seed: 5 }));
    expect(conductOf({ behaviour: 'confirm', seed: 5 }).ringMs).not.toBe(
      conductOf({ behaviour: 'confirm', seed: 6 }).ringMs,
    );
  });

  it('rings without end when nobody is there, unless their network gives up', () => {
    expect(conductOf({ behaviour: 'no-answer', seed: 1 }).ringMs).toBe(Number.POSITIVE_INFINITY);
    expect(conductOf({ behaviour: 'no-answer', seed: 1, ringMs: 200 }).ringMs).toBe(200);
    expect(pickupOf('no-answer')).toBe('no_answer');
    expect(pickupOf('machine')).toBe('answered');
  });

  it('is a bit of everybody among numbers that nobody has described', () => {
    const ten = Array.from({ length: 10 }, (_, n) => usualBehaviour(`+1202555010${n}`));
    expect(new Set(ten).size).toBeGreaterThanOrEqual(6);
    expect(usualBehaviour('+12025550107')).toBe('no-answer');
    expect(seedOf('+12025550107')).not.toBe(seedOf('+12025550108'));
  });

  it('is taken for fewer kinds by the plainer detection', () => {
    expect(detectionWord('premium', 'human_residence')).toBe('human_residence');
    expect(detectionWord('detect', 'human_residence')).toBe('human');
    expect(detectionWord('detect', 'fax_detected')).toBe('not_sure');
  });

  const office = { timeZone: 'America/New_York', from: '09:00', to: '17:00', isoWeekdays: [1, 2, 3, 4, 5] };
  it.each([
    ['2026-11-20T14:00:00Z', true],
    ['2026-11-20T13:59:59Z', false],
    ['2026-11-20T22:00:00Z', false],
    ['2026-11-21T15:00:00Z', false],
    // The same wall clock an hour earlier in UTC, in summer.
    ['2026-07-10T13:00:00Z', true],
  ])('may be called in their own hours: %s is %s', (at, within) => {
    expect(isWithin(office, new Date(at))).toBe(within);
  });
});
