import { request } from 'node:http';
import { WebSocket } from 'ws';
import type { CarrierPeer } from '../testing/carrier-peer.ts';
import { hum } from '../testing/fake-speech.ts';
import { MediaRig } from '../testing/media-rig.ts';
import { signStreamToken, testCall } from '../testing/stream-token.ts';

let rig: MediaRig;

afterEach(() => rig.stop());

/** The HTTP status that an upgrade is refused with; 101 when it is not. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const ws = new WebSocket(url);
    ws.on('open', () => {
      ws.terminate();
      resolve(101);
    });
    ws.on('unexpected-response', (_, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    ws.on('error', () => undefined);
  });
}

const refusals = () => rig.logger.lines.filter((line) => line.message === 'media socket refused');

describe('the upgrade', () => {
  it('is refused with 401 without a token that is good in every respect', async () => {
    rig = await MediaRig.start();
    const other = Buffer.alloc(32, 9).toString('base64');
    const bad = await Promise.all([
      signStreamToken({ key: other }),
      signStreamToken({ issuer: 'somebody' }),
      signStreamToken({ audience: 'wardline-console' }),
      signStreamToken({ expiresInS: -1 }),
      signStreamToken({ expiresInS: 3_600 }),
      signStreamToken({ claims: { tid: 'not a tenant' } }),
      signStreamToken({ claims: { ccid: undefined } }),
    ]);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${bad[0]?.split('.')[1]}.`;
    for (const token of [undefined, '', 'nonsense', unsigned, ...bad]) {
      expect(await statusOf(rig.url(token))).toBe(401);
    }
    expect(rig.media.connections).toBe(0);
  });

  it('tells the brain which call of ours it is, and whether a machine is on the line', async () => {
    rig = await MediaRig.start();
    const attemptId = '01930000-0000-7000-8000-0000000000e1';
    await rig.call('PCMU', { att: attemptId, mch: true });
    expect(rig.brain.last.started).toMatchObject({ attemptId, machine: true });
    await rig.call();
    expect(rig.brain.last.started).toMatchObject({ attemptId: '', machine: false });
  });

  it('takes a token once', async () => {
    rig = await MediaRig.start();
    const token = await signStreamToken();
    expect(await statusOf(rig.url(token))).toBe(101);
    expect(await statusOf(rig.url(token))).toBe(401);
  });

  it('takes a token once also when two come at the same time', async () => {
    rig = await MediaRig.start();
    const token = await signStreamToken();
    const statuses = await Promise.all(Array.from({ length: 5 }, () => statusOf(rig.url(token))));
    expect(statuses.toSorted()).toEqual([101, 401, 401, 401, 401]);
  });

  it('knows one path, and has room for so many', async () => {
    rig = await MediaRig.start({ connectionsMax: 2 });
    const base = `ws://127.0.0.1:${rig.media.mediaPort}`;
    expect(await statusOf(`${base}/other?token=${await signStreamToken()}`)).toBe(404);
    await rig.connect();
    await rig.connect();
    expect(await statusOf(rig.url(await signStreamToken()))).toBe(503);
  });

  it('stands beside a health answer', async () => {
    rig = await MediaRig.start();
    const status = await new Promise<number>((resolve, reject) => {
      const asked = request({ port: rig.media.mediaPort, path: '/healthz' }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.on('error', reject);
      asked.end();
    });
    expect(status).toBe(200);
  });
});

describe('a socket', () => {
  const media = '{"event":"media","media":{"track":"inbound","chunk":"1","payload":"';
  const cases: [string, number, RegExp, (peer: CarrierPeer) => void][] = [
    ['text that is not JSON', 1007, /not JSON/, (peer) => peer.raw('{"event":')],
    ['JSON without an event', 1008, /no event/, (peer) => peer.raw('[1]')],
    ['a binary frame', 1007, /binary/, (peer) => peer.raw(Buffer.from([1, 2, 3]))],
    ['a frame of 10 MB', 1009, /64 KB/, (peer) => peer.raw(`${media}${'A'.repeat(10_000_000)}"}}`)],
    ['media that is not base64', 1007, /base64/, (peer) => peer.raw(`${media}**"}}`)],
    ['media of the wrong shape', 1008, /shape/, (peer) => peer.raw('{"event":"media","media":{}}')],
    ['a start for another call', 1008, /another call/, (peer) => peer.start('v3:other')],
    ['a second start', 1008, /twice/, (peer) => peer.start(testCall.callControlId)],
    [
      'a codec we do not have',
      1003,
      /PCMU and PCMA/,
      (peer) => peer.start(testCall.callControlId, { encoding: 'OPUS', sample_rate: 16_000 }),
    ],
  ];
  const beforeStart = new Set(['a start for another call', 'a codec we do not have']);

  it.each(cases)(
    'is closed for %s with %i and a reason, logged once; others go on',
    async (name, code, reason, act) => {
      rig = await MediaRig.start();
      const other = await rig.call();
      const peer = await rig.connect();
      if (!beforeStart.has(name)) peer.start(testCall.callControlId);
      act(peer);
      act(peer);
      await peer.until(() => peer.closed !== undefined);
      expect(peer.closed?.code).toBe(code);
      expect(peer.closed?.reason).toMatch(reason);
      expect(refusals()).toHaveLength(1);
      await other.says(hum(500));
      await other.until(() => rig.brain.of('callerTurn').length === 1);
      expect(other.closed).toBeUndefined();
    },
  );

  it('is closed for media before start, and when no start comes', async () => {
    rig = await MediaRig.start({ startWaitMs: 50 });
    const early = await rig.connect();
    early.sendPayload(new Uint8Array(160));
    await early.until(() => early.closed !== undefined);
    expect(early.closed).toEqual({ code: 1008, reason: 'media before start' });
    const mute = await rig.connect();
    await mute.until(() => mute.closed !== undefined);
    expect(mute.closed).toEqual({ code: 1008, reason: 'no start within 50 ms' });
    expect(refusals()).toHaveLength(2);
  });

  it('may send events that we do not know', async () => {
    rig = await MediaRig.start();
    const peer = await rig.call();
    peer.send({ event: 'weather', weather: { sky: 'blue' } });
    peer.raw('{"event":"error","payload":{"code":100003,"title":"malformed_frame","detail":"x"}}');
    await peer.says(hum(500));
    await peer.until(() => rig.brain.of('callerTurn').length === 1);
    expect(rig.metrics.seen.get('eventIgnored')).toHaveLength(1);
    expect(peer.closed).toBeUndefined();
  });
});

describe('a call', () => {
  it.each(['PCMU', 'PCMA'] as const)('goes both ways in %s', async (encoding) => {
    rig = await MediaRig.start();
    rig.brain.onEvent = (event, conversation) => {
      if (event.case === 'callerTurn') conversation.say('u1', 'You said something.');
    };
    const peer = await rig.call(encoding);
    rig.brain.last.listen({ noInputTimeout: { seconds: 30n, nanos: 0 } });
    await peer.says(hum(600));
    await peer.until(() => rig.brain.of('utteranceEnded').length === 1);
    expect(rig.brain.of('callerTurn')[0]).toMatchObject({ turn: 1, text: 'voice for 600' });
    expect(rig.brain.of('utteranceEnded')[0]).toMatchObject({
      utteranceId: 'u1',
      heardText: 'You said something.',
    });
    const loudest = peer.heard().reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
    expect(Math.abs(loudest - 8_000)).toBeLessThan(300);
    expect(rig.brain.last.started).toMatchObject({ callId: testCall.callId, clinicId: testCall.clinicId });
    expect(rig.brain.last.tenantId).toBe(testCall.tenantId);
    expect(rig.brain.last.traceparent?.slice(3, 35)).toBe(testCall.traceparent.slice(3, 35));
  });

  it('takes older names of encodings and frames of any size, in any order', async () => {
    rig = await MediaRig.start();
    const peer = await rig.connect();
    peer.start(testCall.callControlId, { encoding: 'audio/x-mulaw' });
    await peer.until(() => rig.brain.conversations.length === 1);
    const loud = new Uint8Array(800).fill(0x10);
    const quiet = new Uint8Array(800).fill(0xff);
    for (const chunk of [1, 2, 4, 3, 5, 6, 6, 7]) peer.sendPayload(chunk <= 5 ? loud : quiet, chunk);
    for (let chunk = 8; chunk <= 20; chunk += 1) peer.sendPayload(quiet, chunk);
    await peer.until(() => rig.brain.of('callerTurn').length === 1);
    expect(rig.brain.of('callerTurn')[0]?.text).toBe('voice for 500');
    expect(rig.metrics.seen.get('framesDropped')).toEqual(['late']);
  });

  it('is interrupted by voice, and by keys', async () => {
    rig = await MediaRig.start();
    const peer = await rig.call();
    rig.brain.last.say(
      'u1',
      'This is a long sentence with very many words in it so that it can be interrupted.',
    );
    await peer.until(() => peer.frames.length > 30);
    await peer.says(hum(600));
    await peer.until(() => rig.brain.of('utteranceEnded').length === 1);
    expect(rig.brain.of('utteranceEnded')[0]?.heardText).toMatch(/^This is/);
    expect(peer.clears).toHaveLength(1);
    rig.brain.last.say('u2', 'Another long sentence with very many words.');
    await peer.until(() => rig.brain.of('callerTurn').length === 1);
    const frames = peer.frames.length;
    await peer.until(() => peer.frames.length > frames + 10);
    peer.send({ event: 'dtmf', dtmf: { digit: '0' } });
    await peer.until(() => rig.brain.of('keyPressed').length === 1);
    expect(peer.clears).toHaveLength(2);
    expect(rig.brain.of('utteranceEnded')).toHaveLength(2);
  });

  it('ends with the stop of the carrier, and with the end of the dialogue', async () => {
    rig = await MediaRig.start();
    const first = await rig.call();
    first.send({ event: 'stop', stop: { call_control_id: testCall.callControlId } });
    await first.until(() => first.closed !== undefined && rig.brain.last.over);
    expect(first.closed?.code).toBe(1000);
    expect(rig.brain.of('callerHungUp')).toHaveLength(1);
    const second = await rig.call();
    rig.brain.last.say('u1', 'Good bye.');
    rig.brain.last.end();
    await second.until(() => second.closed !== undefined);
    expect(second.closed).toEqual({ code: 1000, reason: 'call over' });
    expect(second.frames.length).toBeGreaterThanOrEqual(10);
  });

  it('that is lost without a stop is no hang-up', async () => {
    rig = await MediaRig.start();
    const peer = await rig.call();
    const conversation = rig.brain.last;
    peer.vanish();
    await peer.until(() => conversation.over);
    expect(rig.brain.of('callerHungUp')).toEqual([]);
    expect(rig.media.connections).toBe(0);
  });

  it('survives a broken dialogue stream: a filler, then the same call goes on', async () => {
    rig = await MediaRig.start();
    const peer = await rig.call();
    rig.brain.last.listen({});
    rig.brain.last.break();
    await peer.until(() => rig.brain.conversations.length === 2);
    expect(rig.brain.last.started.resumed).toBe(true);
    expect(rig.speech.said[0]?.text).toBe('One moment please.');
    rig.brain.last.say('u1', 'Where were we?');
    await peer.until(() => rig.brain.of('utteranceEnded').length === 1);
    expect(peer.closed).toBeUndefined();
  });

  it('is told of a restart when the service stops', async () => {
    rig = await MediaRig.start();
    const peer = await rig.call();
    await rig.media.stop(50);
    await peer.until(() => peer.closed !== undefined);
    expect(peer.closed).toEqual({ code: 1012, reason: 'service restarts' });
  });
});
