import fc from 'fast-check';
import { deliver, expectSound, inAnyOrder, isHangup } from '../testing/call-story.ts';
import type { Call, CallEvent } from './call.ts';
import { createCall, isTerminal, outcomeOf, streamRole } from './call.ts';
import { wakeAtOf } from './policy.ts';

const t0 = 1_000_000;
const dialled: CallEvent = { type: 'dial-asked' };
const accepted: CallEvent = { type: 'dial-accepted' };
const answered: CallEvent = { type: 'answered', at: t0 + 5_000 };
const human: CallEvent = { type: 'machine-detected', at: t0 + 7_000, result: 'human' };
const unsure: CallEvent = { type: 'machine-detected', at: t0 + 7_000, result: 'not-sure' };
const machine: CallEvent = { type: 'machine-detected', at: t0 + 7_000, result: 'machine' };
const greeted: CallEvent = { type: 'greeting-ended', at: t0 + 12_000 };
const stopped: CallEvent = { type: 'stream-broken', at: t0 + 29_000, epoch: 1 };
const hungUp = (cause: string): CallEvent => ({ type: 'hung-up', at: t0 + 30_000, cause });

const placed = (leavesVoicemail: boolean) => createCall('outbound', t0, { leavesVoicemail, ringMs: 25_000 });
const leaving = placed(true);
const notLeaving = placed(false);

interface Story {
  name: string;
  from: Call;
  events: CallEvent[];
  end: 'completed' | 'failed';
  reason: string;
}

const stories: Story[] = [
  {
    name: 'a person',
    from: leaving,
    events: [dialled, accepted, answered, human, stopped, hungUp('normal_clearing')],
    ...{ end: 'completed', reason: 'normal_clearing' },
  },
  {
    name: 'somebody of whom the carrier is not sure',
    from: notLeaving,
    events: [dialled, accepted, answered, unsure, stopped, hungUp('normal_clearing')],
    ...{ end: 'completed', reason: 'normal_clearing' },
  },
  {
    name: 'a machine that is hung up on',
    from: notLeaving,
    events: [dialled, accepted, answered, machine, greeted, hungUp('originator_hangup')],
    ...{ end: 'completed', reason: '' },
  },
  {
    name: 'a machine that gets a message',
    from: leaving,
    events: [dialled, accepted, answered, machine, greeted, hungUp('normal_clearing')],
    ...{ end: 'completed', reason: 'normal_clearing' },
  },
  // The last two end conversations as well; here there was none.
  ...[
    ...['timeout', 'no_answer', 'user_busy', 'call_rejected', 'not_found'],
    ...['normal_clearing', 'unspecified'],
  ].map((cause): Story => ({
    name: cause,
    from: leaving,
    events: [dialled, accepted, hungUp(cause)],
    ...{ end: 'failed', reason: cause },
  })),
];

const saysAnswered = new Set(['answered', 'machine-detected', 'greeting-ended']);

describe.each(stories)('any delivery of a call to: $name', ({ from, events, end, reason }) => {
  it('ends alike', () => {
    fc.assert(
      fc.property(inAnyOrder(events), (shuffled) => {
        const { call } = deliver(from, shuffled);
        expect(call.state.kind).toBe(end);
        if (end === 'failed') expect(call.state).toMatchObject({ reason });
        if (events.includes(machine) && shuffled.indexOf(machine) < shuffled.findIndex(isHangup))
          expect(outcomeOf(call)).toBe('machine');
      }),
      { numRuns: 500 },
    );
  });

  it('dials once, and asks for each stream and for each end once', () => {
    fc.assert(
      fc.property(inAnyOrder(events), (shuffled) => {
        const told = deliver(from, shuffled).effects.map((effect) => JSON.stringify(effect));
        expect(new Set(told).size).toBe(told.length);
      }),
      { numRuns: 500 },
    );
  });

  it('streams nothing before somebody has picked up, and nothing to a machine before its greeting is over', () => {
    fc.assert(
      fc.property(inAnyOrder(events), (shuffled) => {
        const heard = new Set<string>();
        for (const { event, after, effects } of deliver(from, shuffled).steps) {
          heard.add(event.type);
          for (const effect of effects) {
            if (effect.kind !== 'start-stream') continue;
            expect([...heard].some((type) => saysAnswered.has(type))).toBe(true);
            if (effect.epoch !== after.ownerEpoch || !streamRole(after, effect.epoch).machine) continue;
            expect(heard.has('greeting-ended')).toBe(true);
            expect(from.outbound?.leavesVoicemail).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('survives any events, keeps epochs growing, ends in time, and stays what JSON can carry', () => {
  const at = fc.integer({ min: t0, max: t0 + 120_000 });
  const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
    fc.constantFrom<CallEvent>(dialled, accepted, answered, human, unsure, machine, greeted, stopped),
    fc.constantFrom('no_answer', 'normal_clearing', 'unspecified').map(hungUp),
    at.map((time): CallEvent => ({ type: 'woken', at: time })),
    at.map((time): CallEvent => ({ type: 'seen-gone', at: time })),
    at.map((time): CallEvent => ({ type: 'seen-alive', at: time, restartedAt: time })),
    at.map((time): CallEvent => ({ type: 'hang-up-asked', at: time, outcome: 'confirmed' })),
    at.map((time): CallEvent => ({ type: 'transfer-asked', at: time, reason: 'caller-asked' })),
    fc
      .record({ at, reason: fc.constantFrom('unavailable', 'refused', 'not-dialled') })
      .map((failed): CallEvent => ({ type: 'command-failed', command: { kind: 'dial' }, ...failed })),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(leaving, notLeaving),
      fc.array(anyEvent, { maxLength: 40 }),
      (from, events) => {
        const call = expectSound(from, events);
        // Whatever was said: nobody is left ringing or waiting for a greeting without an end in sight.
        const waits = call.state.kind === 'active' ? call.state.stream.kind === 'held' : !isTerminal(call);
        if (waits && call.state.kind !== 'ending') expect(wakeAtOf(call)).not.toBeNull();
      },
    ),
    { numRuns: 1_000 },
  );
});
