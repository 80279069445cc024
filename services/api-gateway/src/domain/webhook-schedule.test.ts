import fc from 'fast-check';
import {
  afterAttempt,
  breakerAllows,
  closedBreaker,
  failedForTooLong,
  judgeDelivery,
  nextAttemptAt,
  retryAfterMsOf,
  webhookSchedule,
  type Breaker,
  type Verdict,
} from './webhook-schedule.ts';

const now = new Date('2026-03-03T10:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const HOUR = 3_600_000;

describe('what an answer means', () => {
  it.each([
    [200, undefined, { kind: 'delivered' }],
    [204, undefined, { kind: 'delivered' }],
    [302, undefined, { kind: 'failed', reason: 'redirect-refused', about: 'receiver' }],
    [410, undefined, { kind: 'failed', reason: 'gone', about: 'receiver', gone: true }],
    [422, undefined, { kind: 'failed', reason: 'http-422', about: 'event' }],
    [401, undefined, { kind: 'failed', reason: 'http-401', about: 'receiver' }],
    [500, undefined, { kind: 'failed', reason: 'http-500', about: 'receiver' }],
    [429, '7', { kind: 'failed', reason: 'http-429', about: 'receiver', retryAfterMs: 7_000 }],
  ])('%i with Retry-After %s', (status, retryAfter, verdict) => {
    expect(judgeDelivery({ kind: 'answer', status, retryAfter }, now)).toEqual(verdict);
  });

  it.each([
    ['120', 120_000],
    [later(5_000).toUTCString(), 5_000],
    [later(-5_000).toUTCString(), 0],
    ['999999', webhookSchedule.retryAfterMsMax],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads Retry-After %s', (text, ms) => expect(retryAfterMsOf(text, now)).toBe(ms));
});

const randomness = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the next attempt', () => {
  it('is later with every failure until it is hourly, within the jitter, and never earlier than was asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        randomness,
        fc.nat(HOUR),
        (attempts, random, retryAfterMs) => {
          const at = nextAttemptAt({ attempts, firstFailedAt: now, now, random, retryAfterMs });
          const { delaysMs, jitterShare } = webhookSchedule;
          const nominal = delaysMs[Math.min(attempts, delaysMs.length) - 1]!;
          const delayMs = at!.getTime() - now.getTime();
          expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs);
          expect(delayMs).toBeGreaterThanOrEqual(Math.floor(nominal * (1 - jitterShare)));
          expect(delayMs).toBeLessThanOrEqual(Math.max(Math.ceil(nominal * (1 + jitterShare)), retryAfterMs));
        },
      ),
    );
  });

  it('comes about thirty times within 24 hours, and then no more', () => {
    fc.assert(
      fc.property(randomness, (random) => {
        let at: Date | undefined = now;
        let attempts = 0;
        for (let next: Date | undefined = now; next;) {
          at = next;
          attempts += 1;
          next = nextAttemptAt({ attempts, firstFailedAt: now, now: at, random });
        }
        expect(attempts).toBeGreaterThan(24);
        expect(attempts).toBeLessThan(45);
        expect(at.getTime() - now.getTime()).toBeGreaterThanOrEqual(24 * HOUR);
        expect(at.getTime() - now.getTime()).toBeLessThan(26 * HOUR);
      }),
    );
  });
});

const down: Verdict = { kind: 'failed', reason: 'timeout', about: 'receiver' };
const bad: Verdict = { kind: 'failed', reason: 'http-422', about: 'event' };
const fine: Verdict = { kind: 'delivered' };
const play = (verdicts: readonly [string, Verdict][], at = now, from: Breaker = closedBreaker) =>
  verdicts.reduce((b, [key, verdict]) => afterAttempt(b, { key, verdict, now: at, random: 0.5 }), from);

describe('a receiver as a whole', () => {
  it('is left alone when several keys fail one after the other, not when one fails often', () => {
    expect(
      breakerAllows(
        play([
          ['a', down],
          ['a', down],
          ['a', down],
          ['a', down],
        ]),
        now,
      ),
    ).toBe('all');
    expect(
      breakerAllows(
        play([
          ['a', down],
          ['b', down],
          ['c', down],
        ]),
        now,
      ),
    ).toBe('none');
    expect(
      breakerAllows(
        play([
          ['a', down],
          ['b', down],
          ['x', fine],
          ['c', down],
        ]),
        now,
      ),
    ).toBe('all');
    expect(
      breakerAllows(
        play([
          ['a', bad],
          ['b', bad],
          ['c', bad],
          ['d', bad],
        ]),
        now,
      ),
    ).toBe('all');
  });

  it('is left alone at once when it asks for it, for as long as it asks', () => {
    const open = play([['a', { ...down, retryAfterMs: 90_000 }]]);
    expect(breakerAllows(open, later(89_999))).toBe('none');
    expect(breakerAllows(open, later(90_000))).toBe('one');
  });

  it('is asked once at a time, less and less often, and gets everything when it is back', () => {
    let open = play([
      ['a', down],
      ['b', down],
      ['c', down],
    ]);
    // What was under way when it opened neither hurries nor delays it.
    expect(
      play(
        [
          ['d', down],
          ['e', down],
        ],
        later(10),
        open,
      ).resumeAt,
    ).toEqual(open.resumeAt);
    const waits: number[] = [];
    let at = open.resumeAt!;
    for (let i = 0; i < 10; i++) {
      expect(breakerAllows(open, at)).toBe('one');
      open = play([['a', down]], at, open);
      waits.push(open.resumeAt!.getTime() - at.getTime());
      at = open.resumeAt!;
    }
    expect(waits).toEqual([...webhookSchedule.probeDelaysMs.slice(1), ...Array(4).fill(300_000)]);
    expect(failedForTooLong(open.failingSince, later(24 * HOUR - 1))).toBe(false);
    expect(failedForTooLong(open.failingSince, later(24 * HOUR))).toBe(true);
    expect(play([['a', fine]], at, open)).toEqual(closedBreaker);
  });

  it('is never asked more often than once per probe delay while it is down, whatever happens', () => {
    const attempt = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      afterMs: fc.nat(20_000),
      random: randomness,
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 200, size: 'max' }), (attempts) => {
        let breaker: Breaker = closedBreaker;
        let at = now;
        let last: Date | undefined;
        for (const { key, afterMs, random } of attempts) {
          at = new Date(at.getTime() + afterMs);
          const open = breaker.resumeAt !== undefined;
          if (breakerAllows(breaker, at) === 'none') continue;
          const delayMs = webhookSchedule.probeDelaysMs[Math.min(breaker.probes, 7) - 1] ?? 0;
          if (open && last)
            expect(at.getTime() - last.getTime()).toBeGreaterThanOrEqual(
              delayMs * (1 - webhookSchedule.jitterShare),
            );
          last = at;
          breaker = afterAttempt(breaker, { key, verdict: down, now: at, random });
        }
      }),
    );
  });
});
