import { planFirstCalls } from './plan.ts';
import { defaultPolicy } from './policy.ts';
import { resultByOutcome, resultOfFailure } from './call-result.ts';
import { callingWindow } from './window.ts';

const window = callingWindow({
  ...{ isoWeekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', firstDay: '', lastDay: '2031-03-05' },
  clinicZone: 'Europe/London',
});
const nowMs = Date.parse('2031-03-03T16:00:00Z');
const plan = (count: number, zone = 'Europe/London', callsAtOnceMax = 1) => {
  const group = { zones: [zone], country: 'GB', count };
  const { firstCallAtMs, lastCallAtMs } = planFirstCalls([group], {
    window,
    policy: defaultPolicy,
    callsAtOnceMax,
    nowMs,
  });
  return [firstCallAtMs, lastCallAtMs].map((ms) => ms && new Date(ms).toISOString());
};

describe('a plan of first calls', () => {
  it('makes them one after the other, and on the next day what does not fit', () => {
    expect(plan(1)).toEqual(['2031-03-03T16:00:00.000Z', '2031-03-03T16:00:00.000Z']);
    expect(plan(2)[1]).toBe('2031-03-03T16:01:30.000Z');
    expect(plan(41)[1]).toBe('2031-03-04T09:00:00.000Z');
    expect(plan(40, 'Europe/London', 40)[1]).toBe('2031-03-03T16:00:00.000Z');
  });

  it('waits for the window of the zone', () => {
    expect(plan(1, 'Asia/Kolkata')[0]).toBe('2031-03-04T03:30:00.000Z');
  });

  it('says that it does not know when the days are not enough, and nothing when nobody can be called', () => {
    expect(plan(100_000)[0]).toBe('2031-03-03T16:00:00.000Z');
    const over = { ...window, endMs: nowMs };
    const group = { zones: ['Europe/London'], country: 'GB', count: 1 };
    expect(
      planFirstCalls([group], { window: over, policy: defaultPolicy, callsAtOnceMax: 1, nowMs }),
    ).toEqual({
      ...{ firstCallAtMs: undefined, lastCallAtMs: undefined, opensAtMs: [undefined] },
    });
  });
});

describe('the result of a call', () => {
  it.each([
    ['user_busy', 'busy'],
    ['USER_BUSY', 'busy'],
    ['no_answer', 'no-answer'],
    ['never-answered', 'no-answer'],
    ['timeout', 'no-answer'],
    ['call_rejected', 'rejected'],
    ['not_found', 'invalid-number'],
    ['recovery_on_timer_expire', 'failed'],
    ['', 'failed'],
  ])('that failed with %j is %s', (reason, result) => expect(resultOfFailure(reason)).toBe(result));

  it('that was answered follows from what was achieved', () => {
    expect(resultByOutcome['emergency-transferred']).toBe('handed-over');
    expect(resultByOutcome['unspecified']).toBe('cut-off');
    expect(resultByOutcome['abandoned']).toBe('no-decision');
  });
});
