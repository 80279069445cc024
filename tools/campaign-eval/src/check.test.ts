import { check } from './check.ts';
import type { Facts } from './facts.ts';
import { booked, call, good, type Mutable, planted, replace, retell, row, t0 } from './testing/good-run.ts';

describe('the checker', () => {
  it('finds nothing in a run without faults', () => {
    const report = check(good());
    expect(report.violations).toEqual([]);
    expect(report.rows.map((r) => [r.patient.externalId, r.verdict])).toEqual([
      ['P0', 'right'],
      ['P1', 'right'],
      ['P2', 'right'],
      ['P3', 'handed-over'],
      ['P4', 'right'],
      ['P5', 'right'],
      ['P6', 'not-called'],
      ['P7', 'not-called'],
      ['P8', 'right'],
      ['P9', 'not-called'],
    ]);
    expect(report).toMatchObject({ ok: true, decidedAsWanted: 1 });
  });

  it.each<[string, number, (facts: Mutable<Facts>) => void]>([
    [
      'a cancel of somebody who wanted to come',
      0,
      (f) => {
        replace(f.appointments, 'a0', { status: 'cancelled', confirmed: false });
        retell(f, 0, { result: 'cancelled' });
      },
    ],
    ['a confirmation nobody gave', 0, (f) => replace(f.calls, 'c0', { decisions: [] })],
    [
      'a confirmation that is only in the result',
      0,
      (f) => replace(f.appointments, 'a0', { confirmed: false }),
    ],
    ['a confirmation that the result hides', 0, (f) => retell(f, 0, { result: 'not-reached' })],
    [
      'a confirmation of somebody who wanted to cancel',
      1,
      (f) => {
        replace(f.appointments, 'a1', { status: 'booked', confirmed: true });
        retell(f, 1, { result: 'confirmed' });
      },
    ],
    ['a cancel that nobody asked for', 1, (f) => replace(f.calls, 'c1', { decisions: [] })],
    [
      'a move to another time than was agreed',
      2,
      (f) => replace(f.appointments, 'a2', { startMs: t0 + 100 * 3_600_000 }),
    ],
    [
      'a move without a yes',
      2,
      (f) => replace(f.calls, 'c2', { decisions: [{ decision: 'move', heard: '' }] }),
    ],
    [
      'an appointment that is gone',
      3,
      (f) => void (f.appointments = f.appointments.filter((a) => a.id !== 'a3')),
    ],
    [
      'something done for one who wanted a person',
      3,
      (f) => replace(f.appointments, 'a3', { confirmed: true }),
    ],
    ['an opt-out that is only in the result', 4, (f) => void (f.optedOut = [])],
    [
      'a call after the opt-out',
      4,
      (f) => {
        f.calls.push(call(4, [], { id: 'c44', dialledMs: t0 + 500_000, endedMs: t0 + 510_000 }));
        retell(f, 4, { calls: 2 });
      },
    ],
    ['an opt-out that nobody asked for', 8, (f) => void f.optedOut.push('+12025550108')],
    [
      'a message that is not on the machine',
      5,
      (f) => replace(f.calls, 'c5', { machine: { overGreetingMs: 0, messageMs: 100, message: '' } }),
    ],
    [
      'a message over the greeting',
      5,
      (f) => replace(f.calls, 'c5', { machine: { overGreetingMs: 4_000, messageMs: 5_000, message: '' } }),
    ],
    [
      'a message that tells the machine too much',
      5,
      (f) =>
        replace(f.calls, 'c5', {
          machine: { overGreetingMs: 0, messageMs: 5_000, message: 'your appointment with doctor sharma' },
        }),
    ],
    [
      'a stranger who is told of it',
      8,
      (f) => {
        f.patients[8] = { ...f.patients[8]!, behaviour: 'wrong-person' };
        replace(f.calls, 'c8', { heard: ['you have an appointment with doctor sharma'] });
      },
    ],
    ['a talk with somebody who never picked up', 8, (f) => retell(f, 8, { result: 'no-decision' })],
    [
      'a change for somebody on the do-not-call list',
      6,
      (f) => replace(f.appointments, 'a6', { confirmed: true }),
    ],
    ['a result for somebody outside the window', 7, (f) => retell(f, 7, { result: 'confirmed' })],
  ])('is red for %s', (_what, n, change) => {
    const report = planted(change);
    expect([row(report, n).verdict, row(report, n).reasons.length]).toEqual(['wrong', 1]);
    expect(report.ok).toBe(false);
  });

  it.each<[string, RegExp, (facts: Mutable<Facts>) => void]>([
    [
      'a number on the do-not-call list that was dialled',
      /dialled although: never/,
      (f) => void f.calls.push(call(6, [], { notAllowed: ['never'] })),
    ],
    [
      'a call outside the window',
      /dialled although: outside-window/,
      (f) => void f.calls.push(call(7, [], { notAllowed: ['outside-window'] })),
    ],
    [
      'two calls to one number, as the busy phone knows',
      /twice at once/,
      (f) => replace(f.calls, 'c0', { overlapped: ['c1'] }),
    ],
    [
      'two calls to one number, by their times',
      /P0 was called twice at once/,
      (f) => void f.calls.push(call(0, [], { id: 'c00', dialledMs: t0 + 29_999 })),
    ],
    [
      'a word before the answer',
      /before anybody picked up/,
      (f) => replace(f.calls, 'c0', { soundBeforeAnswerMs: 20 }),
    ],
    [
      'a call after the pause',
      /dialled 2001 ms after the pause/,
      (f) => replace(f.calls, 'c0', { dialledMs: t0 + 22_001, endedMs: t0 + 30_000 }),
    ],
    [
      'a call after the hospital’s switch',
      /dialled 2500 ms after the stop/,
      (f) => replace(f.calls, 'c0', { dialledMs: t0 + 502_500, endedMs: t0 + 530_000 }),
    ],
    ['a call that the campaign does not know of', /knows of 6/, (f) => retell(f, 0, { calls: 0 })],
    [
      'a call to nobody of the file',
      /nobody of the file/,
      (f) => replace(f.calls, 'c0', { number: '+12025550199' }),
    ],
    ['more attempts than allowed', /was tried 2 times/, (f) => retell(f, 0, { attempts: 2 })],
    [
      'two appointments at one time',
      /2 appointments at one time/,
      (f) => replace(f.appointments, 'a3', { startMs: booked('a4').startMs }),
    ],
    [
      'a message that was sent twice',
      /2 messages for one confirmation/,
      (f) =>
        f.messages.push(...Array.from({ length: 2 }, () => ({ appointment: 'a1', purpose: 'confirmation' }))),
    ],
    ['a formula in the results', /formula in them: =1\+1/, (f) => void (f.formulas = ['=1+1'])],
    [
      'a console that had an error',
      /the console had an error: x is undefined/,
      (f) => void (f.consoleProblems = ['the console had an error: x is undefined']),
    ],
    ['a bad row that was not refused', /0 rows were refused, 1 are bad/, (f) => void (f.refusedRows = 0)],
    ['a good row that was lost', /8 recipients, 9 rows/, (f) => void f.recipients.pop()],
  ])('is red for %s', (_what, says, change) => {
    const report = planted(change);
    expect(report.violations.join('\n')).toMatch(says);
    expect(report.ok).toBe(false);
  });

  it('takes a call within two seconds of the pause, and one after it', () => {
    expect(planted((f) => replace(f.calls, 'c0', { dialledMs: t0 + 22_000 })).violations).toEqual([]);
    expect(
      planted((f) => replace(f.calls, 'c0', { dialledMs: t0 + 40_000, endedMs: undefined })).violations,
    ).toEqual([]);
  });

  it('is red when too few had their way, without anything being wrong', () => {
    const report = planted((f) => {
      replace(f.appointments, 'a0', { confirmed: false });
      retell(f, 0, { result: 'no-decision' });
    });
    expect(row(report, 0).verdict).toBe('undecided');
    expect(report.counts.wrong).toBe(0);
    expect(report).toMatchObject({ ok: false, decidedAsWanted: 0.8 });
  });

  it('lets the last sentence make up for words that were swallowed in the question, not for other words', () => {
    const agreed = (heard: string, last: string) =>
      row(
        planted((f) =>
          replace(f.calls, 'c2', { decisions: [{ decision: 'move-agreed', heard }], heard: [last] }),
        ),
        2,
      ).verdict;
    const full = 'your appointment is now on tuesday november the twenty fifth at ten thirty a m';
    expect(agreed('on tuesday at ten thirty a m is that right', full)).toBe('right');
    expect(agreed('on tuesday at ten thirty a m is that right', 'goodbye')).toBe('undecided');
    expect(agreed('on tuesday is that right', full.replace('fifth', 'sixth'))).toBe('wrong');
    expect(agreed('tuesday november the twenty fourth at ten thirty a m', full)).toBe('wrong');
  });

  it('counts a call-back as handed over', () => {
    const report = planted((f) => {
      replace(f.calls, 'c3', { transferredTo: undefined });
      f.callBacks.push({ number: '+12025550103', reason: 'asked-for-person' });
    });
    expect(row(report, 3).verdict).toBe('handed-over');
  });

  it('leaves somebody alone whose number was called for another', () => {
    const report = planted((f) => {
      f.patients[6] = { ...f.patients[6]!, number: '+12025550100', leave: 'shared-number' };
    });
    expect(row(report, 6).verdict).toBe('not-called');
  });
});
