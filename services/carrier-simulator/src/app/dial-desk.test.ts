import { DialDesk } from './dial-desk.ts';
import { newLeg } from './new-leg.ts';

describe('the desk where calls are dialled', () => {
  const leg = newLeg({ direction: 'outgoing', from: '+12025550110', to: '+12025550143' });

  it('takes so many in any second', () => {
    let now = 0;
    const desk = new DialDesk(2, () => now);
    expect([desk.admit(), desk.admit(), desk.admit()]).toEqual([true, true, false]);
    now = 999;
    expect(desk.admit()).toBe(false);
    now = 1_000;
    expect([desk.admit(), desk.admit(), desk.admit()]).toEqual([true, true, false]);
    desk.limit(0);
    expect(desk.admit()).toBe(true);
  });

  it('remembers a command for a minute', () => {
    let now = 0;
    const desk = new DialDesk(0, () => now);
    desk.made('one', leg);
    desk.made(undefined, leg);
    now = 59_999;
    expect(desk.madeBy('one')).toBe(leg);
    now = 60_000;
    expect(desk.madeBy('one')).toBeUndefined();
    expect(desk.madeBy(undefined)).toBeUndefined();
  });
});
