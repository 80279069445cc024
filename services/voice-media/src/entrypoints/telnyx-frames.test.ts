import fc from 'fast-check';
import { codecNameOf, markMessage, mediaMessage, parseCarrierFrame } from './telnyx-frames.ts';

const parse = (message: unknown) =>
  parseCarrierFrame(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));

describe('parseCarrierFrame', () => {
  it('understands each event of the protocol', () => {
    expect(parse({ event: 'connected', version: '1.0.0' })).toEqual({ type: 'connected' });
    expect(
      parse({
        event: 'start',
        sequence_number: '1',
        start: {
          call_control_id: 'v3:x',
          media_format: { encoding: 'PCMU', sample_rate: 8000, channels: 1 },
        },
      }),
    ).toEqual({ type: 'start', callControlId: 'v3:x', encoding: 'PCMU', sampleRateHz: 8000, channels: 1 });
    expect(parse({ event: 'dtmf', dtmf: { digit: '#' } })).toEqual({ type: 'dtmf', digit: '#' });
    expect(parse({ event: 'mark', mark: { name: 'm' } })).toEqual({ type: 'mark', name: 'm' });
    expect(parse({ event: 'stop', stop: {} })).toEqual({ type: 'stop' });
    expect(parse({ event: 'error', error: { title: 'rate_limit_reached', code: 100005 } })).toEqual({
      type: 'carrier-error',
      code: 100005,
      title: 'rate_limit_reached',
    });
    expect(parse({ event: 'error', payload: { code: 100003 } })).toMatchObject({ code: 100003 });
    expect(parse({ event: 'something new', more: [] })).toEqual({ type: 'unknown' });
    expect(parse({ event: 'media', media: { track: 'outbound', payload: 'AAAA' } })).toEqual({
      type: 'other-track',
    });
  });

  it.each([
    ['', 1007],
    ['{"event":"media"', 1007],
    ['null', 1008],
    ['"media"', 1008],
    ['{"event":1}', 1008],
    ['{"event":"media","media":{"payload":7}}', 1008],
    ['{"event":"media","media":{"payload":""}}', 1007],
    ['{"event":"media","media":{"track":"inbound","chunk":"1","payload":"A"}}', 1007],
    ['{"event":"dtmf","dtmf":{"digit":"12"}}', 1008],
    ['{"event":"start","start":{}}', 1008],
  ])('refuses %s with %i', (text, code) => {
    expect(parse(text)).toMatchObject({ type: 'malformed', code });
  });

  it('reads a media frame alike on the fast way and through JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat(), (bytes, chunk) => {
        const payload = Buffer.from(bytes).toString('base64');
        const media = { track: 'inbound', chunk: String(chunk), timestamp: '5', payload };
        const fast = parse({ event: 'media', sequence_number: '4', media, stream_id: 'abc-1' });
        const slow = parse({ stream_id: 'abc-1', media, extra: { payload: 'x' }, event: 'media' });
        expect(fast).toEqual(slow);
        expect(fast).toMatchObject({ type: 'media', chunk: { chunk, payload: Buffer.from(bytes) } });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parse(text).type).toBeDefined();
      }),
    );
  });
});

it('writes frames and marks as the carrier expects them', () => {
  expect(JSON.parse(mediaMessage(Uint8Array.of(1, 2, 3)))).toEqual({
    event: 'media',
    media: { payload: 'AQID' },
  });
  expect(JSON.parse(markMessage('a"b'))).toEqual({ event: 'mark', mark: { name: 'a"b' } });
});

it.each([
  ['PCMU', 8_000, 1, 'PCMU'],
  ['audio/x-mulaw', 8_000, 1, 'PCMU'],
  ['PCMA', 8_000, 1, 'PCMA'],
  ['PCMU', 16_000, 1, undefined],
  ['PCMU', 8_000, 2, undefined],
  ['L16', 8_000, 1, undefined],
])('knows %s at %i Hz with %i channels as %s', (encoding, sampleRateHz, channels, codec) => {
  expect(codecNameOf({ type: 'start', callControlId: 'x', encoding, sampleRateHz, channels })).toBe(codec);
});
