import { clientStateOf } from './client-state.ts';
import { parseWebhook } from './webhook-words.ts';

const leg = { call_control_id: 'v3:a', call_session_id: 's', from: '+12025550143', to: '+12025550110' };
const hook = (eventType: string, payload: unknown, data: object = {}) => ({
  data: { id: 'e1', event_type: eventType, occurred_at: '2026-01-01T00:00:00.000000Z', payload, ...data },
});
const saysOf = (body: unknown) => {
  const parsed = parseWebhook(body);
  return parsed.kind === 'word' ? parsed.word.says : parsed.kind;
};

describe('a webhook’s words', () => {
  it.each([
    ['call.initiated', { direction: 'incoming' }, { kind: 'initiated', incoming: true }],
    ['call.initiated', { direction: 'outgoing' }, { kind: 'initiated', incoming: false }],
    ['call.answered', {}, { kind: 'answered' }],
    ['call.bridged', {}, { kind: 'bridged' }],
    ['call.hangup', { hangup_cause: 'user_busy' }, { kind: 'hung-up', cause: 'user_busy' }],
    ['call.hangup', { hangup_cause: null }, { kind: 'hung-up', cause: 'unspecified' }],
    ['streaming.stopped', { stream_url: 'wss://a' }, { kind: 'stream-broken', streamUrl: 'wss://a' }],
    [
      'streaming.failed',
      { stream_params: { stream_url: 'wss://b' } },
      { kind: 'stream-broken', streamUrl: 'wss://b' },
    ],
    ['call.machine.detection.ended', { result: 'human' }, { kind: 'detected', result: 'human' }],
    ['call.machine.detection.ended', { result: 'machine' }, { kind: 'detected', result: 'machine' }],
    ['call.machine.detection.ended', { result: 'not_sure' }, { kind: 'detected', result: 'not-sure' }],
    ['call.machine.greeting.ended', { result: 'ended' }, { kind: 'greeting-ended' }],
    ['call.machine.premium.greeting.ended', { result: 'beep_detected' }, { kind: 'greeting-ended' }],
    ['call.machine.premium.greeting.ended', { result: 'no_beep_detected' }, { kind: 'greeting-ended' }],
    ['call.cost', {}, 'ignored'],
    ['toString', {}, 'ignored'],
  ])('%s %j', (eventType, payload, expected) => {
    expect(saysOf(hook(eventType, { ...leg, ...payload }))).toEqual(expected);
  });

  it.each([
    ['human_residence', 'human'],
    ['human_business', 'human'],
    ['machine', 'machine'],
    ['fax_detected', 'machine'],
    ['silence', 'not-sure'],
    ['not_sure', 'not-sure'],
    ['toString', 'not-sure'],
    [undefined, 'not-sure'],
  ])('of premium detection: %s is %s', (result, expected) => {
    const body = hook('call.machine.premium.detection.ended', { ...leg, result });
    expect(saysOf(body)).toEqual({ kind: 'detected', result: expected });
  });

  it.each([
    ['null', null],
    ['no data', {}],
    ['no id', hook('call.answered', leg, { id: '' })],
    ['an endless id', hook('call.answered', leg, { id: 'x'.repeat(101) })],
    ['no time', hook('call.answered', leg, { occurred_at: 'yesterday' })],
    ['no leg', hook('call.answered', {})],
    ['a leg that is none', hook('call.answered', { ...leg, call_control_id: 7 })],
  ])('with %s are malformed', (_what, body) => {
    expect(parseWebhook(body)).toEqual({ kind: 'malformed' });
  });

  it('name the call that we dialled, and no other', () => {
    const of = (clientState: unknown) => {
      const parsed = parseWebhook(hook('call.answered', { ...leg, client_state: clientState }));
      return parsed.kind === 'word' ? parsed.word.callId : parsed.kind;
    };
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const callId = '01930000-0000-7000-8000-0000000000c1';
    expect(of(clientStateOf(callId))).toBe(callId);
    // As an answered call's, which is quoted back too; and what nobody of us has written.
    for (const other of [base64(callId), base64('{"call":"1"}'), '%%%', '', null, undefined]) {
      expect(of(other)).toBeUndefined();
    }
  });

  it('keep the caller’s number personal', () => {
    expect(JSON.stringify(parseWebhook(hook('call.answered', leg)))).not.toContain(leg.from);
  });
});
