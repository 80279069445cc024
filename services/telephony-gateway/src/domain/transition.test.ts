import { follow } from '../testing/call-story.ts';
import type { Call, CallEvent, Effect } from './call.ts';
import { createCall } from './call.ts';
import { checkAfterMs, wakeAtOf } from './policy.ts';
import { transition } from './transition.ts';
import { isStillWanted } from './wanted.ts';

const t0 = 1_000_000;

const run = (events: readonly CallEvent[], from: Call = createCall('inbound', t0)) => follow(from, events);

const incoming: CallEvent = { type: 'incoming' };
const accepted: CallEvent = { type: 'answer-accepted' };
const answered: CallEvent = { type: 'answered', at: t0 + 1_000 };
const hungUp = (cause = 'normal_clearing', at = t0 + 60_000): CallEvent => ({ type: 'hung-up', at, cause });
const broken = (at: number, epoch: number | null): CallEvent => ({ type: 'stream-broken', at, epoch });
const woken = (at: number): CallEvent => ({ type: 'woken', at });
const transferAsked: CallEvent = { type: 'transfer-asked', at: t0 + 5_000, reason: 'caller-asked' };
const connected: CallEvent = { type: 'person-connected', at: t0 + 8_000, legId: 'b' };
const personHungUp = (cause: string): CallEvent => ({
  type: 'person-hung-up',
  at: t0 + 20_000,
  legId: 'b',
  cause,
});

const active = run([incoming, accepted, answered]).call;
const transferring = run([transferAsked], active).call;
const hangingUp = run([{ type: 'hang-up-asked', at: t0 + 5_000, outcome: 'booked' }], active).call;

describe('an inbound call', () => {
  it('goes through every state in order and is answered once', () => {
    const names: string[] = [];
    let call = createCall('inbound', t0);
    for (const event of [incoming, accepted, answered, hungUp()]) {
      call = transition(call, event).call;
      names.push(call.state.kind);
    }
    expect(names).toEqual(['initiating', 'ringing', 'active', 'completed']);
    expect(run([incoming, incoming, accepted, answered, incoming, hungUp()]).effects).toEqual([
      { kind: 'answer' },
    ]);
  });

  it.each([
    ['hangup before answered', [incoming, hungUp(), answered], 'completed'],
    ['answered before initiated', [answered, incoming, hungUp()], 'completed'],
    ['hangup before everything', [hungUp(), answered, incoming], 'completed'],
    ['the caller gave up while it rang', [incoming, hungUp('originator_cancel')], 'failed'],
    ['the same, told in reverse', [hungUp('originator_cancel'), incoming], 'failed'],
    ['a cause nobody has heard of', [incoming, answered, hungUp('solar_flare')], 'completed'],
  ] as const)('ends right when %s', (_what, events, end) => {
    expect(run(events).call.state.kind).toBe(end);
  });

  it('does not ask for an answer to a call that has hung up', () => {
    expect(run([hungUp(), incoming]).effects).toEqual([]);
  });

  it('is hung up when the answer is refused, and has then failed', () => {
    const refused: CallEvent = {
      type: 'command-failed',
      at: t0,
      command: { kind: 'answer' },
      reason: 'refused',
    };
    const { call, effects } = run([incoming, refused]);
    expect(effects).toEqual([{ kind: 'answer' }, { kind: 'hang-up' }]);
    expect(run([hungUp()], call).call.state).toMatchObject({ kind: 'failed', reason: 'answer-failed' });
  });

  it('is hung up when it never connects', () => {
    const ringing = run([incoming, accepted]).call;
    expect(wakeAtOf(ringing)).toBe(t0 + 60_000);
    expect(run([woken(t0 + 59_999)], ringing).effects).toEqual([]);
    expect(run([woken(t0 + 60_000)], ringing).effects).toEqual([{ kind: 'hang-up' }]);
  });

  it('never leaves a terminal state', () => {
    const ends = [
      run([hungUp()], active),
      run([connected, hungUp()], transferring),
      run([hungUp('no_answer')]),
    ];
    const all = [
      incoming,
      accepted,
      answered,
      hungUp(),
      broken(t0, null),
      transferAsked,
      connected,
      woken(t0 + 9e9),
    ];
    for (const { call } of ends) for (const event of all) expect(transition(call, event).call).toBe(call);
  });
});

describe('a stream that breaks', () => {
  it('is started again after a moment, with a new owner epoch', () => {
    const { call, effects } = run([broken(t0 + 2_000, 1)], active);
    expect(effects).toEqual([]);
    expect(wakeAtOf(call)).toBe(t0 + 2_300);
    expect(run([woken(t0 + 2_300), woken(t0 + 2_301)], call).effects).toEqual([
      { kind: 'start-stream', epoch: 2, replacing: false },
    ]);
  });

  it('is left alone when the caller has hung up in that moment', () => {
    const { call, effects } = run([broken(t0 + 2_000, 1), hungUp('normal_clearing', t0 + 2_100)], active);
    expect([call.state.kind, call.ownerEpoch, effects]).toEqual(['completed', 1, []]);
  });

  it('ignores the late word about a stream that was replaced', () => {
    const restarted = run([broken(t0 + 2_000, 1), woken(t0 + 2_300)], active).call;
    expect(transition(restarted, broken(t0 + 2_400, 1)).call).toBe(restarted);
  });

  it('goes to a person after three restarts within half a minute', () => {
    let call = active;
    const effects: Effect[] = [];
    for (let i = 0; i < 4; i += 1) {
      const at = t0 + 2_000 + i * 6_000;
      const step = run([broken(at, null), woken(at + 5_999)], call);
      call = step.call;
      effects.push(...step.effects);
    }
    expect(effects.map((effect) => effect.kind)).toEqual([
      'start-stream',
      'start-stream',
      'start-stream',
      'transfer',
    ]);
    expect(effects.at(-1)).toEqual({ kind: 'transfer', reason: 'platform-failure' });
    expect(run([personHungUp('user_busy')], call).effects).toEqual([{ kind: 'hang-up' }]);
  });

  it('forgets breaks that are long past', () => {
    let call = active;
    for (let i = 0; i < 10; i += 1) {
      const at = t0 + 2_000 + i * 31_000;
      call = run([broken(at, null), woken(at + 300)], call).call;
    }
    expect(call).toMatchObject({ ownerEpoch: 11, state: { kind: 'active' } });
  });
});

describe('a hand-off to a person', () => {
  it.each([
    ['caller hangs up after the talk', [connected, hungUp()], 'escalated'],
    ['the person hangs up first', [connected, personHungUp('normal_clearing'), hungUp()], 'escalated'],
    ['the bridge is told after the hangup', [hungUp(), connected], 'escalated'],
    ['the bridge is never told', [personHungUp('normal_clearing'), hungUp()], 'escalated'],
    ['the caller gives up while it rings', [hungUp(), personHungUp('originator_cancel')], 'completed'],
    ['the same, told in reverse', [personHungUp('originator_cancel'), hungUp()], 'completed'],
    ['only the caller’s hangup is told', [hungUp(), woken(t0 + 65_000)], 'completed'],
  ] as const)('ends right when %s', (_what, events, end) => {
    expect(run(events, transferring).call.state.kind).toBe(end);
  });

  it('hangs the caller up when the person has left', () => {
    expect(run([connected, personHungUp('normal_clearing')], transferring).effects).toEqual([
      { kind: 'hang-up' },
    ]);
  });

  it('brings the caller back to the agent when nobody picks up', () => {
    const { call } = run([personHungUp('no_answer')], transferring);
    expect(call.state).toMatchObject({ kind: 'active', stream: { kind: 'broken' } });
    expect(run([woken(wakeAtOf(call) ?? 0)], call).effects).toEqual([
      { kind: 'start-stream', epoch: 2, replacing: true },
    ]);
  });

  it('ends the call when a second transfer fails, deaf to the first one’s leg', () => {
    const back = run([personHungUp('no_answer')], transferring).call;
    const again = run([woken(t0 + 21_000), transferAsked], back).call;
    expect(transition(again, personHungUp('no_answer')).call).toBe(again);
    const failed: CallEvent = {
      type: 'command-failed',
      at: t0 + 30_000,
      command: { kind: 'transfer', reason: 'caller-asked' },
      reason: 'x',
    };
    expect(run([failed], again).effects).toEqual([{ kind: 'hang-up' }]);
  });

  it('takes the caller back when the carrier says nothing for 45 seconds', () => {
    expect(run([woken(t0 + 50_000)], transferring).call.state.kind).toBe('active');
  });

  it('marks an emergency as such', () => {
    const call = run([{ ...transferAsked, reason: 'emergency' }, connected, hungUp()], active).call;
    expect(call.outcome).toBe('emergency-transferred');
  });
});

describe('the sweeper’s word', () => {
  it('connects a call that rang on after our answer was taken, and resumes it when we were away', () => {
    const ringing = run([incoming, accepted]).call;
    const seen = (at: number, restartedAt: number): CallEvent => ({ type: 'seen-alive', at, restartedAt });
    expect(run([seen(t0 + 14_000, 0)], ringing).call).toBe(ringing);
    expect(run([seen(t0 + 15_000, 0)], ringing)).toMatchObject({
      call: { state: { kind: 'active' } },
      effects: [],
    });
    expect(run([seen(t0 + 15_000, t0 + 1)], ringing).effects).toMatchObject([
      { kind: 'start-stream', epoch: 2 },
    ]);
  });

  it.each([
    ['active', active, 'completed'],
    ['ringing', run([incoming, accepted]).call, 'failed'],
    ['hanging up', hangingUp, 'completed'],
    ['connected to a person', run([connected], transferring).call, 'escalated'],
  ] as const)('ends a call that is gone at the carrier while %s', (_what, call, end) => {
    expect(run([{ type: 'seen-gone', at: t0 + 90_000 }], call).call.state.kind).toBe(end);
  });

  it('resumes an active call after our restart, once', () => {
    const seen: CallEvent = { type: 'seen-alive', at: t0 + 9_000, restartedAt: t0 + 8_000 };
    const { call, effects } = run([seen, seen], active);
    expect(effects).toEqual([{ kind: 'start-stream', epoch: 2, replacing: true }]);
    expect(call.ownerEpoch).toBe(2);
  });

  it('leaves a stream alone on which somebody listens, and one that began after our start', () => {
    const seen = { type: 'seen-alive', at: t0 + 9_000, restartedAt: t0 + 8_000 } as const;
    for (const event of [
      { ...seen, streamIsOpen: true },
      { ...seen, restartedAt: 0 },
    ]) {
      const { call, effects } = run([event], active);
      expect(call).toBe(active);
      expect(effects).toEqual([]);
    }
  });

  it('hangs up again what is still alive after we hung up', () => {
    const seen: CallEvent = { type: 'seen-alive', at: t0 + 90_000, restartedAt: 0 };
    expect(run([seen], hangingUp).effects).toEqual([{ kind: 'hang-up' }]);
  });

  it('gives every call that is not over a time at which it is looked at', () => {
    for (const call of [createCall('inbound', t0), active, transferring, hangingUp]) {
      expect(checkAfterMs(call)).toBeGreaterThan(0);
      expect(run([{ type: 'given-up', at: t0 + 9e5 }], call).call.state.kind).toBe('failed');
    }
  });
});

describe('a stored command', () => {
  it('is not sent any more when the call has moved on', () => {
    const restarted = run([broken(t0 + 2_000, 1), woken(t0 + 2_300)], active).call;
    expect(isStillWanted(restarted, { kind: 'start-stream', epoch: 2, replacing: false })).toBe(true);
    expect(isStillWanted(restarted, { kind: 'start-stream', epoch: 1, replacing: false })).toBe(false);
    expect(isStillWanted(active, { kind: 'answer' })).toBe(false);
    expect(isStillWanted(run([hungUp()], hangingUp).call, { kind: 'hang-up' })).toBe(false);
  });
});
