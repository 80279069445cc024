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
    ['call.cost', {}, 'ignored'],
    ['toString', {}, 'ignored'],
  ])('%s %j', (eventType, payload, expected) => {
    expect(saysOf(hook(eventType, { ...leg, ...payload }))).toEqual(expected);
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

  it('keep the caller’s number personal', () => {
    expect(JSON.stringify(parseWebhook(hook('call.answered', leg)))).not.toContain(leg.from);
  });
});
