import { follow } from '../testing/call-story.ts';
import { createCall, outcomeOf, streamRole, type Call, type CallEvent, type Effect } from './call.ts';
import { factsBetween } from './facts.ts';
import { policy, ringsUntil, wakeAtOf } from './policy.ts';
import { transition } from './transition.ts';
import { isStillWanted } from './wanted.ts';

const t0 = 1_000_000;
const placed = (leavesVoicemail = true) => createCall('outbound', t0, { leavesVoicemail, ringMs: 25_000 });

const run = (events: readonly CallEvent[], from: Call = placed()) => {
  const { call, effects } = follow(from, events);
  return { call, effects };
};

const dialled: CallEvent = { type: 'dial-asked' };
const accepted: CallEvent = { type: 'dial-accepted' };
const answered: CallEvent = { type: 'answered', at: t0 + 5_000 };
const machine: CallEvent = { type: 'machine-detected', at: t0 + 7_000, result: 'machine' };
const human: CallEvent = { type: 'machine-detected', at: t0 + 7_000, result: 'human' };
const greeted: CallEvent = { type: 'greeting-ended', at: t0 + 12_000 };
const woken = (at: number): CallEvent => ({ type: 'woken', at });
const hungUp = (cause: string): CallEvent => ({ type: 'hung-up', at: t0 + 30_000, cause });
const dialFailed = (reason: string): CallEvent => ({
  type: 'command-failed',
  at: t0 + 9_000,
  command: { kind: 'dial' },
  reason,
});
const firstStream: Effect = { kind: 'start-stream', epoch: 1, replacing: false };

describe('a call that we make', () => {
  it('goes through every state in order, each told to others', () => {
    const names: string[] = [];
    let call = placed();
    for (const event of [dialled, accepted, answered, human, hungUp('normal_clearing')]) {
      const next = transition(call, event).call;
      names.push(
        ...factsBetween(call, next, t0).map((fact) => (fact.type === 'changed' ? fact.to : fact.type)),
      );
      call = next;
    }
    expect(names).toEqual(['initiating', 'ringing', 'active', 'completed', 'completed']);
  });

  it('is streamed as soon as somebody picks up, without waiting for what the carrier makes of them', () => {
    expect(run([dialled, accepted, answered]).effects).toEqual([{ kind: 'dial' }, firstStream]);
    expect(run([dialled, accepted, answered, human]).effects).toHaveLength(2);
    expect(streamRole(run([dialled, answered]).call, 1)).toEqual({ resumed: false, machine: false });
  });

  it.each(['no_answer', 'timeout', 'user_busy', 'call_rejected', 'not_found'])('fails as %s', (cause) => {
    const { call } = run([dialled, accepted, hungUp(cause)]);
    expect(call.state).toEqual({ kind: 'failed', reason: cause, failedAt: t0 + 30_000 });
  });

  it.each(['normal_clearing', 'unspecified'])(
    'that ends with %s waits for the word that somebody answered',
    (cause) => {
      const ended = run([dialled, accepted, hungUp(cause)]).call;
      const settleBy = t0 + 30_000 + policy.settleMs;
      expect(wakeAtOf(ended)).toBe(settleBy);
      expect(run([woken(settleBy - 1)], ended).call).toBe(ended);
      expect(run([woken(settleBy)], ended).call.state).toMatchObject({ kind: 'failed', reason: cause });
      expect(run([answered], ended)).toMatchObject({
        call: {
          answeredAt: t0 + 5_000,
          state: { kind: 'completed', endReason: cause, endedAt: t0 + 30_000 },
        },
        effects: [],
      });
      expect(outcomeOf(run([machine], ended).call)).toBe('machine');
      expect(outcomeOf(run([greeted], ended).call)).toBe('machine');
      expect(outcomeOf(run([human], ended).call)).toBe('abandoned');
      expect(run([{ type: 'given-up', at: settleBy }], ended).call.state).toMatchObject({ reason: cause });
    },
  );

  it('is not thought over or talking because of what the carrier says of a leg that rings', () => {
    const ringing = run([dialled, accepted]).call;
    const seen: CallEvent[] = [
      { type: 'seen-gone', at: t0 + 16_000 },
      { type: 'seen-alive', at: t0 + 16_000, restartedAt: t0 + 10_000 },
    ];
    expect(run(seen, ringing)).toEqual({ call: ringing, effects: [] });
  });

  it('is hung up when it rings for ever, as nobody answered', () => {
    const ringing = run([dialled, accepted]).call;
    expect(wakeAtOf(ringing)).toBe(ringsUntil(ringing));
    expect(run([woken(ringsUntil(ringing) - 1)], ringing).effects).toEqual([]);
    const { call, effects } = run([woken(ringsUntil(ringing))], ringing);
    expect(effects).toEqual([{ kind: 'hang-up' }]);
    expect(run([hungUp('normal_clearing')], call).call.state).toMatchObject({
      kind: 'failed',
      reason: 'no_answer',
    });
  });
});

describe('a dial', () => {
  it('that is refused ends the call without a leg to hang up', () => {
    const { call, effects } = run([dialled, dialFailed('refused')]);
    expect(effects).toEqual([{ kind: 'dial' }]);
    expect(call.state).toMatchObject({ kind: 'failed', reason: 'refused' });
  });

  it('whose answer never came waits for a word of the leg, and then gives up', () => {
    const { call } = run([dialled, dialFailed('unavailable')]);
    expect(call.state.kind).toBe('initiating');
    expect(run([accepted, answered], call).call.state.kind).toBe('active');
    expect(run([woken(ringsUntil(call))], call)).toMatchObject({
      call: { state: { kind: 'failed', reason: 'dial-unconfirmed' } },
      effects: [],
    });
  });

  it('is not sent once the leg has been heard of', () => {
    expect(isStillWanted(run([dialled]).call, { kind: 'dial' })).toBe(true);
    expect(isStillWanted(run([dialled, accepted]).call, { kind: 'dial' })).toBe(false);
  });
});

describe('a machine', () => {
  it('is hung up on when no message is left', () => {
    const { call, effects } = run([dialled, accepted, answered, machine], placed(false));
    expect(effects.at(-1)).toEqual({ kind: 'hang-up' });
    const ended = run([hungUp('normal_clearing')], call).call;
    expect(ended.state).toMatchObject({ kind: 'completed', endReason: 'machine' });
    expect(outcomeOf(ended)).toBe('machine');
  });

  it('takes the call from the conversation at once, and gets a stream of its own after its greeting', () => {
    const held = run([dialled, accepted, answered, machine]);
    expect(held.effects.slice(2)).toEqual([{ kind: 'stop-stream' }]);
    expect(held.call).toMatchObject({ ownerEpoch: 2, state: { stream: { kind: 'held' } } });
    expect(isStillWanted(held.call, { kind: 'stop-stream' })).toBe(true);
    // The end of the stopped stream is not a broken one.
    expect(run([{ type: 'stream-broken', at: t0 + 8_000, epoch: null }], held.call).call).toBe(held.call);
    const { call, effects } = run([greeted, greeted], held.call);
    expect(effects).toEqual([{ kind: 'start-stream', epoch: 2, replacing: true }]);
    expect(streamRole(call, 2)).toEqual({ resumed: false, machine: true });
    expect(streamRole(call, 3)).toEqual({ resumed: true, machine: true });
  });

  it('of which only the beep was told is spoken to all the same', () => {
    const { call, effects } = run([dialled, accepted, answered, greeted]);
    expect(effects.slice(2)).toEqual([{ kind: 'start-stream', epoch: 2, replacing: true }]);
    expect(run([machine], call)).toEqual({ call, effects: [] });
    expect(run([dialled, accepted, answered, greeted], placed(false)).effects.at(-1)).toEqual({
      kind: 'hang-up',
    });
  });

  it('that never stops greeting is hung up on', () => {
    const { call } = run([dialled, accepted, answered, machine]);
    const until = t0 + 7_000 + policy.greetingPatienceMs;
    expect(wakeAtOf(call)).toBe(until);
    expect(run([woken(until)], call).effects).toEqual([{ kind: 'hang-up' }]);
  });

  it('with which something was agreed is a person', () => {
    const agreed = run([
      dialled,
      accepted,
      answered,
      { type: 'outcome-recorded', outcome: 'confirmed' },
    ]).call;
    expect(run([machine, greeted], agreed)).toEqual({ call: agreed, effects: [] });
  });

  it('once known as a person stays one', () => {
    const talking = run([dialled, accepted, answered, human]).call;
    expect(run([machine, greeted], talking)).toEqual({ call: talking, effects: [] });
  });

  it('is not connected with a person of the clinic when its stream keeps breaking', () => {
    let { call } = run([dialled, accepted, answered, machine, greeted]);
    for (let i = 0; i < 4; i += 1) {
      call = run([{ type: 'stream-broken', at: t0 + 20_000, epoch: null }], call).call;
      const at = wakeAtOf(call);
      if (at !== null) call = run([woken(at)], call).call;
    }
    expect(call.state).toMatchObject({ kind: 'ending', phase: { kind: 'hanging-up', reason: 'machine' } });
  });

  it('that nobody dialled is none', () => {
    const inbound = run([{ type: 'incoming' }, answered], createCall('inbound', t0)).call;
    expect(run([machine, greeted], inbound)).toEqual({ call: inbound, effects: [] });
    const ringing = run([{ type: 'incoming' }], createCall('inbound', t0)).call;
    expect(run([machine, greeted], ringing)).toEqual({ call: ringing, effects: [] });
  });
});
