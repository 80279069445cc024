import type { Facts } from './facts.ts';
import { call, type Mutable, planted, replace, retell, row, t0 } from './testing/good-run.ts';

describe('the checker of a run in which a service was killed', () => {
  /** While P0, and nobody else, is on the phone. */
  const killed = (change: (facts: Mutable<Facts>) => void) =>
    planted((f) => {
      f.interruptions = [{ service: 'telephony-gateway', atMs: t0 + 100_000, backMs: t0 + 104_000 }];
      replace(f.calls, 'c0', { dialledMs: t0 + 90_000, endedMs: t0 + 110_000, decisions: [] });
      replace(f.appointments, 'a0', { confirmed: false });
      change(f);
    });

  it('says what became of who was on the phone', () => {
    const fate = (change: (facts: Mutable<Facts>) => void) => {
      const { interrupted, verdict } = row(killed(change), 0);
      return [interrupted, verdict];
    };
    const no = { result: 'no-decision' };
    expect(
      fate((f) => {
        replace(f.calls, 'c0', { decisions: [{ decision: 'confirm', heard: '' }] });
        replace(f.appointments, 'a0', { confirmed: true });
      }),
    ).toEqual(['went-on', 'right']);
    expect(
      fate((f) => {
        replace(f.calls, 'c0', { transferredTo: '+12025550119' });
        retell(f, 0, { result: 'handed-over' });
      }),
    ).toEqual(['handed-over', 'handed-over']);
    expect(
      fate((f) => {
        f.callBacks.push({ number: '+12025550100', reason: 'failed' });
        retell(f, 0, { result: 'call-back' });
      }),
    ).toEqual(['call-back', 'handed-over']);
    expect(fate((f) => retell(f, 0, { state: 'waiting', result: undefined }))).toEqual([
      'to-be-tried-again',
      'undecided',
    ]);
    expect(fate((f) => retell(f, 0, no))).toEqual(['cut-off', 'undecided']);
    expect(
      fate((f) => {
        const again = { dialledMs: t0 + 120_000, endedMs: t0 + 150_000 };
        f.calls.push(call(0, ['confirm'], { id: 'c00', ...again }));
        replace(f.appointments, 'a0', { confirmed: true });
        retell(f, 0, { calls: 2 });
      }),
    ).toEqual(['tried-again', 'right']);
    expect(
      row(
        killed(() => undefined),
        1,
      ).interrupted,
    ).toBeUndefined();
  });

  it('forgives who waits for another call, nobody who was given up', () => {
    expect(killed((f) => retell(f, 0, { state: 'waiting', result: undefined }))).toMatchObject({
      ok: true,
      decidedAsWanted: 1,
    });
    expect(killed((f) => retell(f, 0, { result: 'no-decision' }))).toMatchObject({
      ok: false,
      decidedAsWanted: 0.8,
    });
  });

  it('is as strict as ever about two calls at once, forbidden calls and wrong outcomes', () => {
    const twice = killed((f) => {
      f.calls.push(call(0, [], { id: 'c00', dialledMs: t0 + 105_000 }));
      retell(f, 0, { calls: 2, state: 'waiting', result: undefined });
    });
    expect(twice.violations).toEqual(['P0 was called twice at once']);
    expect(killed((f) => retell(f, 0, { result: 'confirmed' })).counts.wrong).toBe(1);
    expect(killed((f) => replace(f.appointments, 'a0', { status: 'cancelled' })).counts.wrong).toBe(1);
    const forbidden = killed((f) => {
      f.calls.push(call(6, [], { dialledMs: t0 + 101_000, endedMs: undefined, notAllowed: ['never'] }));
    });
    expect(forbidden.ok).toBe(false);
  });
});
