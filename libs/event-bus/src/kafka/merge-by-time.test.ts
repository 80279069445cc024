import { mergeByTime } from './merge-by-time.ts';

const at = (ms: number, label: string) => ({ time: new Date(ms), label });
const labels = (list: { label: string }[]) => list.map(({ label }) => label).join('');

describe('mergeByTime', () => {
  it('gives the oldest head first', () => {
    expect(labels(mergeByTime([[at(1, 'a'), at(4, 'd')], [], [at(2, 'b'), at(3, 'c')]]))).toBe('abcd');
  });

  it('never turns the order of one list round, even when its clock was set back', () => {
    expect(labels(mergeByTime([[at(9, 'x'), at(1, 'y')], [at(5, 'm')]]))).toBe('mxy');
  });
});
