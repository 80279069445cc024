import fc from 'fast-check';
import { createCall, isTerminal, type Call, type CallEvent, type Effect } from './call.ts';
import { settleHandOff } from './hand-off-on-call.ts';
import { createHandOff, isFinal, stepHandOff, type HandOff, type HandOffEvent } from './hand-off.ts';
import { transition } from './transition.ts';

const t0 = 1_000_000;
const offerMs = 30_000;
const handOffId = 'h';

/** What may happen to a caller who waits for a person; `at` is put in by the run. */
type Step =
  | { kind: 'desk'; event: (at: number) => HandOffEvent }
  | { kind: 'call'; event: (at: number, call: Call) => CallEvent };

const desk = (event: (at: number) => HandOffEvent): Step => ({ kind: 'desk', event });
const onCall = (event: (at: number, call: Call) => CallEvent): Step => ({ kind: 'call', event });

const transferOf = ({ state }: Call): Effect => {
  const via = state.kind === 'ending' && state.phase.kind === 'transferring' ? state.phase.via : undefined;
  return { kind: 'transfer', reason: 'caller-asked', ...(via && { via }) };
};
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .constantFrom('ann', 'bob', 'eve')
    .map((userId) => desk((at) => ({ type: 'accept', at, by: { userId, name: userId } }))),
  fc
    .tuple(fc.constantFrom('ann', 'bob'), fc.boolean())
    .map(([userId, othersLeft]) => desk((at) => ({ type: 'decline', at, userId, othersLeft }))),
  fc.constant(desk((at) => ({ type: 'expire', at }))),
  fc.constant(desk((at) => ({ type: 'nobody-present', at }))),
  fc
    .constantFrom('normal_clearing', 'originator_cancel')
    .map((cause) => onCall((at) => ({ type: 'hung-up', at, cause }))),
  fc.constant(onCall((at) => ({ type: 'person-connected', at, legId: null }))),
  fc
    .constantFrom('normal_clearing', 'timeout', 'user_busy')
    .map((cause) => onCall((at) => ({ type: 'person-hung-up', at, legId: null, cause }))),
  fc.constant(
    onCall((at, call) => ({ type: 'command-failed', at, command: transferOf(call), reason: 'refused' })),
  ),
  fc.constant(onCall((at) => ({ type: 'woken', at }))),
  fc.constant(onCall((at) => ({ type: 'stream-broken', at, epoch: null }))),
  fc.constant(onCall((at) => ({ type: 'hang-up-asked', at, outcome: null }))),
  fc.constant(onCall((at) => ({ type: 'transfer-asked', at, reason: 'emergency' }))),
);

const talking = [
  { type: 'incoming' },
  { type: 'answered', at: t0 },
  { type: 'hand-off-opened', at: t0, handOffId, reason: 'caller-asked' },
] satisfies CallEvent[];

interface Run {
  call: Call;
  handOff: HandOff;
  effects: Effect[];
  callBacks: number;
  winners: Set<string>;
}

function start(hasReception: boolean): Run {
  const call = talking.reduce<Call>((c, event) => transition(c, event).call, createCall('inbound', t0));
  const handOff = createHandOff({ handOffId, requestedAt: t0, hasReception });
  const run: Run = { call, handOff, effects: [], callBacks: 0, winners: new Set() };
  apply(
    run,
    desk((at) => ({ type: 'offer', at, expiresAt: at + offerMs })),
    t0,
  );
  return run;
}

function apply(run: Run, { kind, event }: Step, at: number): void {
  const before = run.handOff;
  let { call } = run;
  if (kind === 'call') {
    const next = transition(call, event(at, call));
    call = next.call;
    run.effects.push(...next.effects);
  }
  const settled = settleHandOff({ call, handOff: before }, kind === 'desk' ? [event(at)] : [], at);
  run.call = settled.call;
  run.handOff = settled.handOff;
  run.effects.push(...settled.effects);
  if (settled.callBack) run.callBacks += 1;
  if (settled.handOff.acceptedBy) run.winners.add(settled.handOff.acceptedBy.userId);
  if (isFinal(before)) expect(settled.handOff.state).toBe(before.state);
}

/** The offer runs out, what rings is not picked up, and the caller hangs up: then nothing is left to wait for. */
function finish(run: Run, at: number): void {
  apply(
    run,
    desk((time) => ({ type: 'expire', at: time })),
    at + offerMs,
  );
  for (const laterMs of [100_000, 200_000]) {
    apply(
      run,
      onCall((time) => ({ type: 'woken', at: time })),
      at + laterMs,
    );
  }
  apply(
    run,
    onCall((time) => ({ type: 'hung-up', at: time, cause: 'normal_clearing' })),
    at + 300_000,
  );
  apply(
    run,
    onCall((time) => ({ type: 'woken', at: time })),
    at + 400_000,
  );
}

const transfersTo = (run: Run, to: string) =>
  run.effects.filter((effect) => effect.kind === 'transfer' && effect.via?.to === to).length;

describe('a hand-off, whatever happens in whatever order', () => {
  const stories = fc.tuple(
    fc.boolean(),
    fc.array(fc.tuple(step, fc.integer({ min: 0, max: 20_000 })), { maxLength: 14 }),
  );

  it('has exactly one end, one winner at most, and goes on the call-back list once at most', () => {
    fc.assert(
      fc.property(stories, ([hasReception, steps]) => {
        const run = start(hasReception);
        let at = t0;
        for (const [one, laterMs] of steps) apply(run, one, (at += laterMs));
        finish(run, at);
        expect(isTerminal(run.call)).toBe(true);
        expect(isFinal(run.handOff)).toBe(true);
        expect(run.handOff.endedAt).not.toBeNull();
        expect(run.handOff.fallback).not.toBe('reception');
        expect(run.winners.size).toBeLessThanOrEqual(1);
        expect(run.callBacks).toBe(run.handOff.fallback === 'call-back' ? 1 : 0);
        expect(transfersTo(run, 'supervisor')).toBe(run.winners.size);
        expect(transfersTo(run, 'reception')).toBeLessThanOrEqual(hasReception ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leaves a caller without an agent, a ringing telephone or a person', () => {
    fc.assert(
      fc.property(stories, ([hasReception, steps]) => {
        const run = start(hasReception);
        let at = t0;
        for (const [one, laterMs] of steps) {
          apply(run, one, (at += laterMs));
          const { state } = run.call;
          if (isTerminal(run.call)) continue;
          // Rung by the hand-off, it is still the hand-off that waits for what becomes of it.
          const via = state.kind === 'ending' && state.phase.kind === 'transferring' && state.phase.via;
          if (via) {
            const waits =
              via.to === 'supervisor'
                ? run.handOff.state === 'accepted'
                : run.handOff.fallback === 'reception';
            expect(waits).toBe(true);
          }
          // With the agent again, the hand-off still looks for somebody or has put the caller on the list.
          const gaveUp = run.handOff.state === 'declined' || run.handOff.state === 'timed-out';
          if (state.kind === 'active' && gaveUp) expect(run.handOff.fallback).toBe('call-back');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('says the same again when it is told the same again', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 10 }), (hasReception, steps) => {
        const run = start(hasReception);
        let at = t0;
        for (const one of steps) {
          if (one.kind !== 'desk') apply(run, one, (at += 1_000));
          else {
            apply(run, one, (at += 1_000));
            const again = stepHandOff(run.handOff, one.event(at));
            expect(again).toEqual({ handOff: run.handOff, effects: [] });
          }
        }
      }),
    );
  });
});
