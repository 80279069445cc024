import { createCall, type Call, type CallEvent } from './call.ts';
import { answerOf } from './hand-off-answer.ts';
import { briefingOf, briefingToPersonal } from './hand-off-briefing.ts';
import { callBackText } from './hand-off-call-back-text.ts';
import { settleHandOff } from './hand-off-on-call.ts';
import { createHandOff, stepHandOff, type HandOff, type HandOffEvent } from './hand-off.ts';
import { factsBetween } from './facts.ts';
import { transition } from './transition.ts';

const t0 = 1_000_000;
const ann = { userId: 'ann', name: 'Ann' };
const offer: HandOffEvent = { type: 'offer', at: t0, expiresAt: t0 + 30_000 };
const accept: HandOffEvent = { type: 'accept', at: t0 + 4_000, by: ann };

/** A caller and their hand-off; events of the call and of the desk in the order given. */
function story(o: { hasReception: boolean; earlier?: CallEvent[] }) {
  const opened: CallEvent[] = [
    { type: 'incoming' },
    { type: 'answered', at: t0 - 60_000 },
    ...(o.earlier ?? []),
    { type: 'hand-off-opened', at: t0, handOffId: 'h', reason: 'caller-asked' },
  ];
  let call = opened.reduce<Call>((c, e) => transition(c, e).call, createCall('inbound', t0 - 61_000));
  let handOff: HandOff = createHandOff({ handOffId: 'h', requestedAt: t0, hasReception: o.hasReception });
  let callBacks = 0;
  const settle = (events: HandOffEvent[], at: number) => {
    const settled = settleHandOff({ call, handOff }, events, at);
    ({ call, handOff } = settled);
    callBacks += settled.callBack ? 1 : 0;
    return told;
  };
  const told = {
    desk: (event: HandOffEvent) => settle([event], event.at),
    caller: (event: CallEvent & { at: number }) => {
      call = transition(call, event).call;
      return settle([], event.at);
    },
    get call() {
      return call;
    },
    get handOff() {
      return handOff;
    },
    get callBacks() {
      return callBacks;
    },
  };
  return told;
}
const rings = (at: number, cause: string) => ({ type: 'person-hung-up', at, legId: null, cause }) as const;

describe('a supervisor who takes a caller', () => {
  it('is connected, and the time to a person is from the request', () => {
    const told = story({ hasReception: true }).desk(offer).desk(accept);
    expect(told.handOff).toMatchObject({ state: 'accepted', acceptedBy: ann, acceptedAt: t0 + 4_000 });
    expect(answerOf(told.call, told.handOff, 1)).toBe('transferring');
    told.caller({ type: 'person-connected', at: t0 + 9_000, legId: 'b' });
    expect(told.handOff).toMatchObject({ state: 'connected', connectedAt: t0 + 9_000, endedAt: null });
    const before = told.call;
    told.caller({ type: 'hung-up', at: t0 + 99_000, cause: 'normal_clearing' });
    expect(told.handOff.endedAt).toBe(t0 + 99_000);
    expect(factsBetween(before, told.call, t0 + 99_000).at(-1)).toMatchObject({
      type: 'escalated',
      requestedAt: t0,
      transferredAt: t0 + 9_000,
      reason: 'caller-asked',
    });
  });

  it('cannot once the offer has run out, and the offer does not run out early', () => {
    const offered = stepHandOff(
      createHandOff({ handOffId: 'h', requestedAt: t0, hasReception: false }),
      offer,
    ).handOff;
    expect(stepHandOff(offered, { ...accept, at: t0 + 30_000 }).handOff).toBe(offered);
    expect(stepHandOff(offered, { type: 'expire', at: t0 + 29_999 }).handOff).toBe(offered);
    expect(stepHandOff(offered, { type: 'expire', at: t0 + 30_000 }).handOff.state).toBe('timed-out');
  });

  it('who does not pick up is followed by the reception, and that by a call back and the agent', () => {
    const told = story({ hasReception: true }).desk(offer).desk(accept);
    told.caller(rings(t0 + 20_000, 'timeout'));
    expect(told.handOff).toMatchObject({ state: 'timed-out', fallback: 'reception' });
    expect(told.call.state).toMatchObject({
      kind: 'ending',
      phase: { kind: 'transferring', via: { to: 'reception' } },
    });
    expect(told.callBacks).toBe(0);
    told.caller(rings(t0 + 50_000, 'no_answer'));
    expect(told.handOff.fallback).toBe('call-back');
    expect(told.call).toMatchObject({ state: { kind: 'active' }, outcome: 'call-back-requested' });
    expect([told.callBacks, answerOf(told.call, told.handOff, 1)]).toEqual([1, 'call-back']);
  });

  it('who does not pick up, of a clinic without a reception, is followed by the agent at once', () => {
    const told = story({ hasReception: false }).desk(offer).desk(accept);
    told.caller(rings(t0 + 20_000, 'user_busy'));
    expect([told.call.state.kind, told.handOff.fallback, told.callBacks]).toEqual(['active', 'call-back', 1]);
  });

  it('does not use up the patience for other transfers: an emergency still comes back to the agent', () => {
    const told = story({ hasReception: true }).desk(offer).desk(accept);
    told.caller(rings(t0 + 20_000, 'timeout')).caller(rings(t0 + 50_000, 'timeout'));
    told.caller({ type: 'transfer-asked', at: t0 + 60_000, reason: 'emergency' });
    told.caller(rings(t0 + 90_000, 'timeout'));
    expect(told.call.state.kind).toBe('active');
  });
});

describe('when nobody takes a caller', () => {
  it.each([
    ['nobody is there', { type: 'nobody-present', at: t0 + 1 }, 'timed-out'],
    ['all have declined', { type: 'decline', at: t0 + 1, userId: 'ann', othersLeft: false }, 'declined'],
    ['the time is over', { type: 'expire', at: t0 + 30_000 }, 'timed-out'],
  ] as const)('%s: the reception rings, or there is a call back', (_when, event, state) => {
    const withReception = story({ hasReception: true }).desk(offer).desk(event);
    expect(withReception.handOff).toMatchObject({ state, fallback: 'reception', endedAt: event.at });
    const without = story({ hasReception: false }).desk(offer).desk(event);
    expect(without.handOff).toMatchObject({ state, fallback: 'call-back' });
    expect([without.call.state.kind, without.callBacks]).toEqual(['active', 1]);
  });

  it('keeps what the call has achieved before', () => {
    const earlier: CallEvent[] = [{ type: 'outcome-recorded', outcome: 'booked' }];
    const told = story({ hasReception: false, earlier }).desk({ type: 'nobody-present', at: t0 });
    expect(told.call.outcome).toBe('booked');
  });

  it('a reception that picks up ends the search', () => {
    const told = story({ hasReception: true }).desk({ type: 'nobody-present', at: t0 });
    told.caller({ type: 'person-connected', at: t0 + 5_000, legId: 'b' });
    told.caller({ type: 'hung-up', at: t0 + 9_000, cause: 'normal_clearing' });
    expect([told.handOff.fallback, told.call.state.kind, told.callBacks]).toEqual([
      'reached',
      'escalated',
      0,
    ]);
  });

  it('leaves alone who hung up, or is taken elsewhere', () => {
    const hungUp = story({ hasReception: true }).desk(offer);
    hungUp.caller({ type: 'hung-up', at: t0 + 3_000, cause: 'normal_clearing' });
    expect(hungUp.handOff).toMatchObject({ state: 'abandoned', endedAt: t0 + 3_000 });
    const emergency = story({ hasReception: true }).desk(offer);
    emergency.caller({ type: 'transfer-asked', at: t0 + 3_000, reason: 'emergency' });
    emergency.desk(accept);
    expect(emergency.handOff).toMatchObject({ state: 'abandoned', acceptedBy: null });
    expect(hungUp.callBacks + emergency.callBacks).toBe(0);
  });
});

describe('a briefing', () => {
  it('is cut to what a person reads, and keeps the newest lines', () => {
    const lines = Array.from({ length: 500 }, (_, i) => ({
      agent: i % 2 === 0,
      text: String(i).padEnd(900),
    }));
    const long = { patientName: 'A', summary: 's'.repeat(5_000), details: [], lines };
    const kept = briefingOf(briefingToPersonal(long));
    expect(kept.summary).toHaveLength(1_000);
    expect(kept.lines).toHaveLength(60);
    expect(kept.lines.at(-1)?.text.trim()).toBe('499');
  });
});

describe('the text of a call back', () => {
  it.each([
    ['en-GB', /^Harbour: Nobody could take your call/],
    ['es-MX', /^Harbour: Nadie/],
    ['pt-BR', /^Harbour: Nobody/],
  ])('in %s', (language, text) => {
    expect(callBackText('Harbour', language)).toMatch(text);
  });
  it('goes without a name that is not known', () => {
    expect(callBackText('', 'de-DE')).toMatch(/^Gerade/);
  });
});
