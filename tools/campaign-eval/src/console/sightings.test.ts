import { type Sighting, sightingProblems } from './sightings.ts';

/** What the API said and what was in the page: calls made and done. */
const at = (seconds: number, told: [number, number], page: [number, number] = told): Sighting => ({
  atMs: seconds * 1_000,
  told: { recipients: 9, waiting: 0, queued: 0, live: 0, calls: told[0], settled: told[1], results: [] },
  page: { people: 9, inACall: 0, waiting: 0, callsMade: page[0], done: page[1] },
});

describe('looks at the progress page', () => {
  it('finds nothing when it moves, a little behind', () => {
    const looks = [at(0, [0, 0]), at(5, [2, 1], [0, 0]), at(10, [4, 2], [2, 1]), at(60, [9, 9])];
    expect(sightingProblems(looks, [])).toEqual([]);
  });

  it('sees one that stands still', () => {
    const looks = [0, 5, 10].map((s) => at(s, [s, 0], [0, 0]));
    expect(sightingProblems(looks, [])).toEqual([
      'the progress page does not move: 1 numbers of calls were seen of 3',
    ]);
  });

  it('sees one that falls behind, unless a process was away', () => {
    const looks = [at(0, [0, 0]), at(1, [4, 2], [1, 0]), at(17, [4, 2], [3, 2]), at(19, [4, 2])];
    expect(sightingProblems(looks, [])).toEqual(['the progress page did not show 4 calls within 15 s']);
    expect(sightingProblems(looks, [{ atMs: 500, backMs: 5_000 }])).toEqual([]);
  });

  it('sees counters that go back, and other people', () => {
    const wrong = { ...at(1, [3, 3]), page: { ...at(1, [3, 3]).page, done: 1, people: 8 } };
    expect(sightingProblems([at(0, [2, 2]), wrong], [])).toEqual([
      '"Done" went back to 1 in the progress page',
      'the progress page says 8 people of 9',
    ]);
  });

  it('does not take nothing for good', () => {
    expect(sightingProblems([], [])).toEqual(['the progress page was never looked at']);
  });
});
