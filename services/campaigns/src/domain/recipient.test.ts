import fc from 'fast-check';
import { nextAttempt, type Attempt, type AttemptEvent } from './attempt.ts';
import { defaultPolicy } from './policy.ts';
import { standingOf, type CallLimits, type RecipientFacts } from './recipient.ts';
import { provenResults, repeatableResults, type AttemptResult, type ProvenResult } from './results.ts';
import { callingWindow } from './window.ts';

const zone = 'Europe/London';
const noon = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const limits: CallLimits = {
  window: callingWindow({
    ...{ isoWeekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', clinicZone: zone },
    ...{ firstDay: '', lastDay: '2026-11-25' },
  }),
  attemptsMax: 3,
  attemptsPerDayMax: 2,
};
const over = (result: AttemptResult, endedMs = noon): Attempt => ({
  ...{ state: 'over' as const, result, endedMs },
  ...(result === 'not-dialled' ? {} : { dialledMs: endedMs - minute }),
});
const facts = (attempts: Attempt[], o: Partial<RecipientFacts> = {}): RecipientFacts => ({
  attempts,
  zones: [zone],
  country: 'GB',
  dialledMs: attempts.flatMap((a) =>
    a.state !== 'queued' && a.dialledMs !== undefined ? [a.dialledMs] : [],
  ),
  ...o,
});
const standing = (attempts: Attempt[], o: Partial<RecipientFacts> = {}, at = noon) =>
  standingOf(facts(attempts, o), limits, defaultPolicy, at);
const waitingUntil = (iso: string) => ({ state: 'waiting', nextCallAtMs: Date.parse(iso) });

describe('a recipient', () => {
  it('waits for the window', () => {
    expect(standing([])).toEqual({ state: 'waiting', nextCallAtMs: noon });
    expect(standing([], {}, noon + 6 * hour)).toEqual(waitingUntil('2026-11-24T09:00:00Z'));
  });

  it.each<[AttemptResult, string]>([
    ['busy', '2026-11-23T12:10:00Z'],
    ['no-answer', '2026-11-23T14:00:00Z'],
    ['machine', '2026-11-23T16:00:00Z'],
    ['rejected', '2026-11-24T09:00:00Z'],
    ['failed', '2026-11-23T12:05:00Z'],
    ['cut-off', '2026-11-23T12:10:00Z'],
  ])('that was %s is called again at %s', (result, when) => {
    expect(standing([over(result)])).toEqual(waitingUntil(when));
  });

  it.each(['confirmed', 'opted-out', 'invalid-number', 'voicemail-left', 'no-decision'] as const)(
    'that came to %s is called no more',
    (result) => {
      expect(standing([over('busy'), over(result)])).toEqual({ state: 'settled', result, reason: '' });
    },
  );

  it('is given up after as many calls as the campaign makes; what was not dialled is none', () => {
    const two = [over('busy'), over('busy'), over('not-dialled'), over('failed')];
    expect(standing(two).state).toBe('waiting');
    expect(standing([...two, over('no-answer')])).toMatchObject({ state: 'settled', result: 'not-reached' });
  });

  it('is given up when calls keep failing', () => {
    const failed = Array.from({ length: defaultPolicy.uncountedMax }, () => over('failed'));
    expect(standing(failed.slice(1)).state).toBe('waiting');
    expect(standing(failed)).toEqual({ state: 'settled', result: 'not-called', reason: 'calls-fail' });
  });

  it('is called so many times a day', () => {
    expect(standing([over('busy', noon - hour), over('busy')])).toEqual(waitingUntil('2026-11-24T09:00:00Z'));
  });

  it('in the United States is called once a day and three times a week by all campaigns together', () => {
    const us = { zones: ['America/New_York'], country: 'US' };
    const at = Date.parse('2026-11-23T17:00:00Z');
    const law: CallLimits = { ...limits, window: { ...limits.window, endMs: Number.POSITIVE_INFINITY } };
    const of = (...dialled: string[]) =>
      standingOf(facts([], { ...us, dialledMs: dialled.map((d) => Date.parse(d)) }), law, defaultPolicy, at);
    expect(of('2026-11-23T14:30:00Z')).toEqual(waitingUntil('2026-11-24T14:00:00Z'));
    // Late the evening before is another day.
    expect(of('2026-11-23T01:00:00Z')).toEqual({ state: 'waiting', nextCallAtMs: at });
    expect(of('2026-11-18T20:00:00Z', '2026-11-19T20:00:00Z', '2026-11-20T20:00:00Z')).toEqual(
      waitingUntil('2026-11-25T20:00:00Z'),
    );
  });

  it('whose window does not open again is settled, and says whether anybody tried', () => {
    const late = Date.parse('2026-11-25T18:00:00Z');
    expect(standing([], {}, late)).toEqual({ state: 'settled', result: 'not-called', reason: 'window-over' });
    expect(standing([over('busy')], {}, late)).toMatchObject({ result: 'not-reached' });
  });

  it('comes to the same whatever the order and number of its news', () => {
    const results = fc.constantFrom<AttemptResult>(...repeatableResults, 'confirmed', 'no-decision');
    fc.assert(
      fc.property(fc.array(fc.tuple(results, fc.nat(5), fc.nat(100)), { maxLength: 6 }), (news) => {
        // One end per attempt, each told one to six times, in two orders.
        const play = (order: typeof news): Attempt[] => {
          const attempts: Attempt[] = news.map(() => ({ state: 'live', dialledMs: noon }));
          for (const item of order.flatMap((n) => Array.from({ length: n[1] + 1 }, () => n))) {
            const index = news.indexOf(item);
            const event: AttemptEvent = { type: 'call-ended', result: item[0], atMs: noon + index };
            attempts[index] = nextAttempt(attempts[index]!, event) ?? attempts[index]!;
          }
          return attempts;
        };
        const shuffled = news.toSorted((a, b) => a[2] - b[2]);
        expect(standing(play(shuffled))).toEqual(standing(play(news)));
      }),
    );
  });
});

describe('an attempt', () => {
  const queued: Attempt = { state: 'queued', dialByMs: noon };

  it('is dialled in time or not at all', () => {
    expect(nextAttempt(queued, { type: 'authorised', atMs: noon })).toEqual({
      state: 'live',
      dialledMs: noon,
    });
    expect(nextAttempt(queued, { type: 'authorised', atMs: noon + 1 })).toBeUndefined();
    expect(
      nextAttempt({ state: 'live', dialledMs: noon }, { type: 'withdrawn', atMs: noon }),
    ).toBeUndefined();
  });

  it('that was given up as lost is not, when its end is heard of after all', () => {
    const lost = nextAttempt(
      { state: 'live', dialledMs: noon },
      { type: 'call-unknown', atMs: noon + hour },
    )!;
    expect(lost).toMatchObject({ result: 'lost' });
    const ended = nextAttempt(lost, { type: 'call-ended', result: 'confirmed', atMs: noon + minute });
    expect(ended).toMatchObject({ state: 'over', result: 'confirmed', dialledMs: noon });
    expect(nextAttempt(ended!, { type: 'call-ended', result: 'busy', atMs: noon })).toBeUndefined();
  });

  const live: Attempt = { state: 'live', dialledMs: noon - minute };
  const after = (...events: AttemptEvent[]): Attempt =>
    events.reduce<Attempt>((one, event) => nextAttempt(one, event) ?? one, live);
  const proven = (result: ProvenResult): AttemptEvent => ({ type: 'proven', result });
  const told = (result: AttemptResult): AttemptEvent => ({ type: 'call-ended', result, atMs: noon });
  const lost: AttemptEvent = { type: 'call-unknown', atMs: noon };
  /** Ends that say nothing of what was decided. */
  const unknowing = [lost, ...[...repeatableResults, 'no-decision' as const].map(told)];

  it('in which somebody opts out comes to that, however it ends and whenever it is heard of', () => {
    const ends = [...unknowing, ...(['confirmed', 'handed-over'] as const).map(told)];
    const optOut = proven('opted-out');
    const changes = provenResults.map(proven);
    fc.assert(
      fc.property(fc.shuffledSubarray([...ends, ...changes, optOut]), (some) => {
        const news = some.includes(optOut) ? some : [...some, optOut];
        const attempt = after(...news);
        const isEnded = news.some(({ type }) => type !== 'proven');
        expect(attempt).toMatchObject(
          isEnded ? { state: 'over', result: 'opted-out' } : { state: 'live', proven: 'opted-out' },
        );
        expect(nextAttempt(attempt, optOut)).toBeUndefined();
        const settled = { state: 'settled', result: 'opted-out', reason: '' };
        expect(standing([attempt])).toEqual(isEnded ? settled : { state: 'live' });
      }),
    );
  });

  it('in which the appointment was changed comes to the last of that, where its end does not tell', () => {
    const changes = fc.array(fc.constantFrom('confirmed', 'moved', 'cancelled'), { minLength: 1 });
    const end = fc.constantFrom(...unknowing);
    fc.assert(
      fc.property(changes, end, fc.nat(), (results, unknowingEnd, at) => {
        const news = results.map(proven);
        const place = at % (news.length + 1);
        const attempt = after(...news.slice(0, place), unknowingEnd, ...news.slice(place));
        expect(attempt).toMatchObject({ state: 'over', result: results.at(-1) });
      }),
    );
  });

  it('and to what its end tells, where it does: that knows of the whole call', () => {
    const decided = ['handed-over', 'call-back', 'cancelled', 'voicemail-left'] as const;
    for (const result of decided) {
      expect(after(proven('moved'), told(result))).toMatchObject({ result });
      expect(after(told(result), proven('moved'))).toMatchObject({ result });
    }
  });

  it('that was never made proves nothing', () => {
    expect(nextAttempt(queued, proven('opted-out'))).toBeUndefined();
    expect(
      nextAttempt(nextAttempt(queued, { type: 'withdrawn', atMs: noon })!, proven('moved')),
    ).toBeUndefined();
  });
});
