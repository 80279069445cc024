import fc from 'fast-check';
import { createLiveHistory } from './live-history.ts';

const message = (n: number) => ({ kind: 'call', n });
const filled = (count: number, limits = { entriesMax: 5, charsMax: 1_000 }) => {
  const history = createLiveHistory('e1', limits);
  for (let n = 1; n <= count; n++) history.add(message(n), 10);
  return history;
};
const numbers = (history: ReturnType<typeof filled>, position: string) =>
  history.after(position)?.map((entry) => entry.message['n']);

describe('the history of the live feed', () => {
  it('goes on exactly behind a position', () => {
    const history = filled(3);
    expect(numbers(history, 'e1-1')).toEqual([2, 3]);
    expect(numbers(history, 'e1-0')).toEqual([1, 2, 3]);
    expect(numbers(history, history.present())).toEqual([]);
  });

  it('knows nothing of what it has forgotten, of what is to come, and of others', () => {
    const history = filled(9);
    expect(numbers(history, 'e1-4')).toEqual([5, 6, 7, 8, 9]);
    for (const position of ['e1-3', 'e1-0', 'e1-10', 'e2-9', '9', '', 'e1-', 'e1--1', `e1-${'9'.repeat(30)}`])
      expect([position, history.after(position)]).toEqual([position, undefined]);
  });

  it('forgets by size as well', () => {
    expect(numbers(filled(9, { entriesMax: 100, charsMax: 30 }), 'e1-6')).toEqual([7, 8, 9]);
    expect(filled(9, { entriesMax: 100, charsMax: 30 }).after('e1-5')).toBeUndefined();
  });

  it('never leaves out or repeats one, wherever somebody was cut off', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), (count, at) => {
        const after = numbers(filled(count), `e1-${at}`);
        const expected = Array.from({ length: Math.max(0, count - at) }, (_, n) => at + n + 1);
        if (at > count || count - at > 5) expect(after).toBeUndefined();
        else expect(after).toEqual(expected);
      }),
    );
  });
});
