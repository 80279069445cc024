import { mergeByTime } from './merge-by-time.ts';

const at = (partition: number, ms: number, id: string, occurredMs = 0) => ({
  ...{ topic: 'calls.changed' as const, partition, id },
  time: new Date(ms),
  occurredAt: new Date(occurredMs),
});
const ids = (list: { id: string }[]) => list.map(({ id }) => id).join('');

describe('mergeByTime', () => {
  it('gives the oldest head first', () => {
    expect(ids(mergeByTime([at(1, 1, 'a'), at(1, 4, 'd'), at(2, 2, 'b'), at(2, 3, 'c')]))).toBe('abcd');
  });

  it('never turns the order of a partition round, even when a clock was set back', () => {
    expect(ids(mergeByTime([at(1, 9, 'x'), at(1, 1, 'y'), at(2, 5, 'm')]))).toBe('mxy');
  });

  it('keeps what was published at the same moment in the order of writing', () => {
    expect(ids(mergeByTime([at(2, 5, 'a', 2), at(1, 5, 'c', 1), at(3, 5, 'b', 2)]))).toBe('cab');
  });
});
