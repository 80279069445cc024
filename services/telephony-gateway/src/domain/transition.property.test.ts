import fc from 'fast-check';
import type { Call, CallEvent, Effect } from './call.ts';
import { createCall, isTerminal } from './call.ts';
import { wakeAtOf } from './policy.ts';
import { transition } from './transition.ts';

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
const conversation = [incoming, accepted, answered].reduce(
  (call, event) => transition(call, event).call,
  fresh,
);
const transferring = transition(conversation, {
  type: 'transfer-asked',
  at: t0 + 5_000,
  reason: 'emergency',
}).call;

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

/** Deliveries in any order, each at least once unless dropped; then time passes until nothing is left to wait for. */
function deliver(
  from: Call,
  events: readonly CallEvent[],
): { call: Call; effects: Effect[]; names: string[] } {
  let call = from;
  const effects: Effect[] = [];
  const names: string[] = [call.state.kind];
  const apply = (event: CallEvent) => {
    const next = transition(call, event);
    call = next.call;
    effects.push(...next.effects);
    if (call.state.kind !== names.at(-1)) names.push(call.state.kind);
  };
  events.forEach(apply);
  for (let wakes = 0; wakes < 5 && !isTerminal(call); wakes += 1) {
    const at = wakeAtOf(call);
    if (at === null) break;
    apply({ type: 'woken', at });
  }
  return { call, effects, names };
}

const isHangup = (event: CallEvent) => event.type === 'hung-up';

/** A subset that keeps the hangup, doubled and shuffled, with the subset in its true order beside it. */
function deliveries(events: readonly CallEvent[]) {
  return fc
    .record({
      keep: fc.array(fc.boolean(), { minLength: events.length, maxLength: events.length }),
      copies: fc.array(fc.integer({ min: 1, max: 3 }), {
        minLength: events.length,
        maxLength: events.length,
      }),
    })
    .chain(({ keep, copies }) => {
      const ordered = events.filter((event, i) => isHangup(event) || keep[i]);
      const doubled = events.flatMap((event, i) =>
        isHangup(event) || keep[i] ? Array.from({ length: copies[i] ?? 1 }, () => event) : [],
      );
      const shuffled = fc.shuffledSubarray(doubled, { minLength: doubled.length, maxLength: doubled.length });
      return fc.record({ ordered: fc.constant(ordered), shuffled });
    });
}

describe.each(stories)('any delivery of: $name', ({ from, events, end }) => {
  it('ends as the ordered one, and as the whole story when nothing was dropped', () => {
    expect(deliver(from, events).call.state.kind).toBe(end);
    fc.assert(
      fc.property(deliveries(events), ({ ordered, shuffled }) => {
        const { call, names } = deliver(from, shuffled);
        expect(isTerminal(call)).toBe(true);
        expect(call.state.kind).toBe(deliver(from, ordered).call.state.kind);
        expect(names.filter((name) => ['completed', 'escalated', 'failed'].includes(name))).toHaveLength(1);
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
      let call = fresh;
      for (const event of events) {
        const next = transition(call, event).call;
        if (isTerminal(call)) expect(next).toBe(call);
        expect(next.ownerEpoch).toBeGreaterThanOrEqual(call.ownerEpoch);
        call = next;
      }
      expect(JSON.parse(JSON.stringify(call))).toEqual(call);
    }),
    { numRuns: 500 },
  );
});
