import { check, type Report } from './check.ts';
import type { Facts, NewAppointmentFact } from './facts.ts';
import {
  booked,
  call,
  good,
  type Mutable,
  patient,
  recipient,
  replace,
  retell,
  row,
  t0,
} from './testing/good-run.ts';

const tomorrow = t0 + 86_400_000;
const past = (n: number) => booked(`a${n}`, { startMs: t0 - (10 + n) * 86_400_000 });
/** At an even instant the words are "twenty fourth", at an odd one "twenty fifth"; a call hears "twenty fifth". */
const fresh = (n: number, o: Partial<NewAppointmentFact> = {}): NewAppointmentFact => ({
  ...booked(`n${n}`, { startMs: tomorrow + n * 3_600_000 + 1 }),
  number: `+1202555010${n}`,
  name: `Patient ${n}`,
  ...o,
});
const bookedBy = ['book', 'chose', 'book-agreed'];

/** People who missed an appointment, one of each, everything as it should be. */
function goodNoShow(): Facts {
  const missed = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  return {
    ...good(),
    patients: [
      patient(0, 'book', { appointment: past(0) }),
      patient(1, 'book', { appointment: undefined, doctor: 'brown' }),
      patient(2, 'decline', { appointment: past(2) }),
      patient(3, 'person', { appointment: past(3) }),
      patient(4, 'no-more-calls', { appointment: past(4) }),
      patient(5, 'nothing', { behaviour: 'machine', appointment: past(5) }),
      patient(6, 'nothing', { behaviour: 'wrong-person', appointment: past(6) }),
      patient(7, 'nothing', { behaviour: 'busy', appointment: past(7) }),
      patient(8, 'book', { leave: 'do-not-call', appointment: past(8) }),
    ],
    calls: [
      call(0, bookedBy),
      call(1, bookedBy),
      call(2, ['decline']),
      call(3, ['person'], { transferredTo: '+12025550119' }),
      call(4, ['opt-out']),
      call(5, [], { machine: { overGreetingMs: 0, messageMs: 9_000, message: 'please call us back' } }),
      call(6, ['wrong-person'], { heard: ['am i speaking with emily walker'] }),
      call(7, [], { answered: false, cause: 'user_busy' }),
    ],
    recipients: [
      recipient(0, 'booked'),
      recipient(1, 'booked'),
      recipient(2, 'no-decision'),
      recipient(3, 'handed-over'),
      recipient(4, 'opted-out'),
      recipient(5, 'voicemail-left'),
      recipient(6, 'wrong-person'),
      recipient(7, 'not-reached'),
      recipient(8, 'not-allowed', { attempts: 0, calls: 0 }),
    ],
    refusedRows: 0,
    appointments: missed.filter((n) => n !== 1).map(past),
    newAppointments: [fresh(0), fresh(1, { doctor: 'brown' })],
  };
}

function planted(change: (facts: Mutable<Facts>) => void) {
  const facts = goodNoShow() as Mutable<Facts>;
  change(facts);
  return check(facts);
}

describe('the checker of calls about missed appointments', () => {
  it('finds nothing in a run without faults', () => {
    const report = check(goodNoShow());
    expect(report.violations).toEqual([]);
    expect(report.rows.map(({ verdict }) => verdict)).toEqual([
      ...['right', 'right', 'right', 'handed-over', 'right', 'right', 'right', 'right', 'not-called'],
    ]);
    expect(report).toMatchObject({ ok: true, decidedAsWanted: 1 });
  });

  it.each<[string, number, (facts: Mutable<Facts>) => void]>([
    [
      'a new appointment at another time than was read out',
      0,
      (f) => replace(f.newAppointments, 'n0', { startMs: tomorrow }),
    ],
    [
      'a new appointment without a yes to its time',
      0,
      (f) => replace(f.calls, 'c0', { decisions: [{ decision: 'book', heard: '' }] }),
    ],
    [
      'a new appointment with another doctor than the missed one',
      0,
      (f) => replace(f.newAppointments, 'n0', { doctor: 'brown' }),
    ],
    [
      'a new appointment with another doctor than was named',
      1,
      (f) => replace(f.newAppointments, 'n1', { doctor: 'sharma' }),
    ],
    [
      'a new appointment that is cancelled',
      0,
      (f) => replace(f.newAppointments, 'n0', { status: 'cancelled' }),
    ],
    [
      'two new appointments',
      0,
      (f) => void f.newAppointments.push(fresh(0, { id: 'n00', startMs: tomorrow + 99 * 3_600_000 })),
    ],
    [
      'an appointment that is only in the result',
      0,
      (f) => void (f.newAppointments = f.newAppointments.filter(({ id }) => id !== 'n0')),
    ],
    ['an appointment that the result hides', 0, (f) => retell(f, 0, { result: 'no-decision' })],
    [
      'a missed appointment that was moved instead',
      0,
      (f) => replace(f.appointments, 'a0', { startMs: tomorrow }),
    ],
    ['an appointment for one who declined', 2, (f) => void f.newAppointments.push(fresh(2))],
    [
      'a missed appointment that was cancelled for one who declined',
      2,
      (f) => replace(f.appointments, 'a2', { status: 'cancelled' }),
    ],
    ['a result of a booking for one who declined', 2, (f) => retell(f, 2, { result: 'booked' })],
    ['an appointment for one who wanted a person', 3, (f) => void f.newAppointments.push(fresh(3))],
    ['an appointment for one who wants no more calls', 4, (f) => void f.newAppointments.push(fresh(4))],
    ['an opt-out that is only in the result', 4, (f) => void (f.optedOut = [])],
    ['an opt-out of one who declined', 2, (f) => void f.optedOut.push('+12025550102')],
    ['an appointment for a stranger', 6, (f) => void f.newAppointments.push(fresh(6))],
    [
      'a stranger who is told of the missed one',
      6,
      (f) => replace(f.calls, 'c6', { heard: ['we missed you on monday with doctor sharma'] }),
    ],
    [
      'a machine that is told of the missed one',
      5,
      (f) =>
        replace(f.calls, 'c5', {
          machine: { overGreetingMs: 0, messageMs: 9_000, message: 'we missed you with doctor sharma' },
        }),
    ],
    [
      'an appointment for one whose telephone was busy',
      7,
      (f) => {
        f.newAppointments.push(fresh(7));
        retell(f, 7, { result: 'booked' });
      },
    ],
    ['an appointment for one on the do-not-call list', 8, (f) => void f.newAppointments.push(fresh(8))],
  ])('is red for %s', (_what, n, change) => {
    const report = planted(change);
    expect([row(report, n).verdict, row(report, n).reasons.length]).toEqual(['wrong', 1]);
    expect(report.ok).toBe(false);
  });

  it.each<[string, RegExp, (facts: Mutable<Facts>) => void]>([
    [
      'a new appointment of nobody',
      /nobody of the file/,
      (f) => replace(f.newAppointments, 'n0', { name: 'Walker' }),
    ],
    [
      'two at one time',
      /2 appointments at one time/,
      (f) => replace(f.newAppointments, 'n1', { doctor: 'sharma', startMs: tomorrow + 1 }),
    ],
  ])('is red for %s', (_what, says, change) => {
    const report = planted(change);
    expect(report.violations.join('\n')).toMatch(says);
    expect(report.ok).toBe(false);
  });

  it('knows two on one telephone by their names', () => {
    const report = planted((f) => {
      f.patients[2] = { ...f.patients[2]!, number: '+12025550100', mayWait: true };
      retell(f, 2, { calls: 0, attempts: 0, state: 'waiting', result: undefined, dialledMs: [] });
      f.calls = f.calls.filter(({ id }) => id !== 'c2');
    });
    expect([row(report, 0).verdict, row(report, 2).verdict]).toEqual(['right', 'not-called']);
  });

  it('gives each of two on one telephone the call that was theirs', () => {
    const both = (change: (f: Mutable<Facts>) => void) =>
      planted((f) => {
        const number = '+12025550100';
        f.patients[1] = { ...f.patients[1]!, number };
        replace(f.newAppointments, 'n1', { number });
        replace(f.newAppointments, 'n0', { startMs: tomorrow });
        const heard = 'tuesday november the twenty fourth at ten thirty a m';
        replace(f.calls, 'c0', {
          decisions: [{ decision: 'book-agreed', heard }],
          endedMs: t0 + 900,
        });
        replace(f.calls, 'c1', { number });
        change(f);
      });
    const verdicts = (report: Report) => [row(report, 0).verdict, row(report, 1).verdict];
    expect(verdicts(both(() => undefined))).toEqual(['right', 'right']);
    // The other's yes is not theirs.
    expect(verdicts(both((f) => replace(f.calls, 'c0', { decisions: [] })))).toEqual(['wrong', 'right']);
  });

  it('does not call it right when nothing came of it', () => {
    const report = planted((f) => {
      f.newAppointments = f.newAppointments.filter(({ id }) => id !== 'n0');
      retell(f, 0, { result: 'no-decision' });
      replace(f.calls, 'c2', { decisions: [] });
    });
    expect([row(report, 0).verdict, row(report, 2).verdict]).toEqual(['undecided', 'undecided']);
    expect(report.ok).toBe(false);
  });

  it('counts a person or a call-back as handed over', () => {
    const report = planted((f) => {
      f.newAppointments = f.newAppointments.filter(({ id }) => id !== 'n0');
      f.callBacks.push({ number: '+12025550100', reason: 'other' });
      retell(f, 0, { result: 'call-back' });
    });
    expect(row(report, 0).verdict).toBe('handed-over');
  });
});
