import { createRecentLooks, type Look } from './recent-looks.ts';

const look: Look = {
  ...{ tenantId: 't', userId: 'u', role: 'manager' },
  ...{ action: 'campaigns.recipients', subject: 'campaign/1', query: { state: 'live', limit: 50 } },
};

describe('recent looks', () => {
  it('hold for their time, counted from the line and not from the last question', () => {
    let nowMs = 0;
    const looks = createRecentLooks({ nowMs: () => nowMs });
    expect(looks.has(look)).toBe(false);
    looks.add(look, 1_000);
    for (const [at, known] of [
      [0, true],
      [600, true],
      [999, true],
      [1_000, false],
    ] as const) {
      nowMs = at;
      expect(looks.has({ ...look, query: { ...(look.query as object) } })).toBe(known);
    }
  });

  it.each([
    { tenantId: 'other' },
    { userId: 'other' },
    { role: 'admin' },
    { action: 'campaigns.export' },
    { subject: 'campaign/2' },
    { query: { state: 'settled', limit: 50 } },
    { query: { state: 'live', limit: 50, cursor: 'next' } },
    { query: undefined },
  ])('are others with %j', (other) => {
    const looks = createRecentLooks();
    looks.add(look, 1_000_000);
    expect(looks.has({ ...look, ...other })).toBe(false);
  });

  it('are forgotten, the oldest first, when there are too many', () => {
    const looks = createRecentLooks({ most: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((userId) => ({ ...look, userId }));
    for (const each of [a!, b!, a!, c!]) looks.add(each, 1_000_000);
    expect([a!, b!, c!].map((each) => looks.has(each))).toEqual([true, false, true]);
  });
});
