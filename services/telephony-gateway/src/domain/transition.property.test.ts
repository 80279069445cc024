import fc from 'fast-check';
import { deliver, expectSound, follow, inAnyOrder, isHangup } from '../testing/call-story.ts';
import { createCall, isTerminal, type Call, type CallEvent } from './call.ts';

/**
 * What the carrier may say of one call, in the order in which it happened. Delivery may drop, double and reorder all
 * of it; the end of the call must not depend on that.
 */
const t0 = 1_000_000;
const incoming: CallEvent = { type: 'incoming' };
const accepted: CallEvent = { type: 'answer-accepted' };
const answered: CallEvent = { type: 'answered', at: t0 + 1_000 };
const stopped: CallEvent = { type: 'stream-broken', at: t0 + 9_000, epoch: 1 };
const hungUp = (cause: string): CallEvent => ({ type: 'hung-up', at: t0 + 10_000, cause });
const connected: CallEvent = { type: 'person-connected', at: t0 + 6_000, legId: 'b' };
const personHungUp = (cause: string): CallEvent => ({
  type: 'person-hung-up',
  at: t0 + 9_500,
  legId: 'b',
  cause,
});

const fresh = createCall('inbound', t0);
const handedOver: CallEvent = { type: 'transfer-asked', at: t0 + 5_000, reason: 'emergency' };
const transferring = follow(fresh, [incoming, accepted, answered, handedOver]).call;

const stories: { name: string; from: Call; events: CallEvent[]; end: string }[] = [
  {
    name: 'talk',
    from: fresh,
    events: [incoming, accepted, answered, stopped, hungUp('normal_clearing')],
    end: 'completed',
  },
  {
    name: 'cancelled',
    from: fresh,
    events: [incoming, accepted, hungUp('originator_cancel')],
    end: 'failed',
  },
  {
    name: 'hand-off',
    from: transferring,
    events: [connected, connected, stopped, hungUp('normal_clearing'), personHungUp('normal_clearing')],
    end: 'escalated',
  },
  {
    name: 'hand-off, person first',
    from: transferring,
    events: [stopped, connected, personHungUp('normal_clearing'), hungUp('normal_clearing')],
    end: 'escalated',
  },
  {
    name: 'gave up waiting',
    from: transferring,
    events: [stopped, hungUp('originator_cancel'), personHungUp('originator_cancel')],
    end: 'completed',
  },
];

/** A subset that keeps the hangup, doubled and shuffled, with the subset in its true order beside it. */
const deliveries = (events: readonly CallEvent[]) =>
  fc.array(fc.boolean(), { minLength: events.length, maxLength: events.length }).chain((keep) => {
    const ordered = events.filter((event, i) => isHangup(event) || keep[i]);
    return fc.record({ ordered: fc.constant(ordered), shuffled: inAnyOrder(ordered) });
  });

describe.each(stories)('any delivery of: $name', ({ from, events, end }) => {
  it('ends as the ordered one, and as the whole story when nothing was dropped', () => {
    expect(deliver(from, events).call.state.kind).toBe(end);
    fc.assert(
      fc.property(deliveries(events), ({ ordered, shuffled }) => {
        const { call, steps } = deliver(from, shuffled);
        expect(isTerminal(call)).toBe(true);
        expect(call.state.kind).toBe(deliver(from, ordered).call.state.kind);
        expect(
          steps.filter(({ before, after }) => before.state.kind !== after.state.kind && isTerminal(after)),
        ).toHaveLength(1);
        if (new Set(shuffled).size === new Set(events).size) expect(call.state.kind).toBe(end);
      }),
      { numRuns: 500 },
    );
  });

  it('has each effect at most once', () => {
    fc.assert(
      fc.property(deliveries(events), ({ shuffled }) => {
        const effects = deliver(from, shuffled).effects.map((effect) => JSON.stringify(effect));
        expect(new Set(effects).size).toBe(effects.length);
      }),
      { numRuns: 500 },
    );
  });
});

it('survives any events in any order, keeps epochs growing and stays what JSON can carry', () => {
  const at = fc.integer({ min: t0, max: t0 + 200_000 });
  const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
    fc.constantFrom(incoming, accepted, connected, hungUp('no_answer'), personHungUp('user_busy')),
    at.map((time): CallEvent => ({ type: 'answered', at: time })),
    at.map((time): CallEvent => ({ type: 'woken', at: time })),
    at.map((time): CallEvent => ({ type: 'seen-gone', at: time })),
    at.map((time): CallEvent => ({ type: 'transfer-asked', at: time, reason: 'caller-asked' })),
    at.map((time): CallEvent => ({ type: 'hang-up-asked', at: time, outcome: null })),
    fc
      .record({ at, epoch: fc.option(fc.integer({ min: 1, max: 4 })) })
      .map((breakage): CallEvent => ({ type: 'stream-broken', ...breakage })),
    fc.record({ at, restartedAt: at }).map((seen): CallEvent => ({ type: 'seen-alive', ...seen })),
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      expectSound(fresh, events);
    }),
    { numRuns: 500 },
  );
});
