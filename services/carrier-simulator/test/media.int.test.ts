import { readWav } from '@wardline/audio';
import { createScriptedEar } from '../src/testing/scripted-ear.ts';
import { startScriptedPlatform, until, type MediaPeer } from './scripted-platform.ts';

type Platform = Awaited<ReturnType<typeof startScriptedPlatform>>;

describe('the media stream', () => {
  let platform: Platform;
  beforeEach(async () => {
    platform = await startScriptedPlatform({ ear: createScriptedEar('how can i help you', 'goodbye') });
  });
  afterEach(() => platform.stop());

  async function connect(
    scenario: object = {},
    mode: 'rtp' | 'mp3' = 'rtp',
  ): Promise<{ id: string; peer: MediaPeer }> {
    const { id } = await platform.call(scenario);
    await platform.client.calls.actions.answer(id, {
      stream_url: platform.streamUrl,
      stream_bidirectional_mode: mode,
      client_state: 'bWluZQ==',
    });
    const peer = await until(() => platform.peers[0]);
    await until(() => peer.of('start')[0]);
    return { id, peer };
  }
  const marksOf = (peer: MediaPeer) => peer.of('mark').map((m) => (m['mark'] as { name: string }).name);

  it('begins with connected and start, then numbered frames of 20 ms', async () => {
    const { id, peer } = await connect();
    await until(() => peer.of('media').length >= 25);
    expect(peer.messages[0]?.data).toEqual({ event: 'connected', version: '1.0.0' });
    expect(peer.messages[1]?.data).toMatchObject({
      event: 'start',
      sequence_number: '1',
      start: {
        call_control_id: id,
        client_state: 'bWluZQ==',
        media_format: { encoding: 'PCMU', sample_rate: 8000, channels: 1 },
      },
      stream_id: expect.any(String),
    });
    peer.of('media').forEach((message, i) => {
      const media = message['media'] as { payload: string };
      expect(message).toMatchObject({
        sequence_number: String(i + 2),
        media: { track: 'inbound', chunk: String(i + 1), timestamp: String(i * 20) },
      });
      expect(Buffer.from(media.payload, 'base64')).toHaveLength(160);
    });
  });

  it('keeps the clock over ten seconds', async () => {
    const { peer } = await connect();
    await until(() => peer.of('media').length >= 500);
    const at = peer.messages.filter((m) => m.data['event'] === 'media').map((m) => m.at);
    const driftMs = at[499]! - at[0]! - 499 * 20;
    // Printed, and held loosely: how punctual a timer is depends on what else the machine does.
    process.stdout.write(`drift over 10 s: ${driftMs.toFixed(1)} ms\n`);
    expect(Math.abs(driftMs)).toBeLessThan(5_000);
  });

  it('returns a mark when what came before it has been played, and not earlier', async () => {
    const { id, peer } = await connect();
    peer.play(400, 'end');
    const sentAt = performance.now();
    await until(() => marksOf(peer).includes('end'));
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(380);
    const { metrics } = await platform.report(id);
    expect(metrics.gaps).toEqual([]);
    expect(metrics.agentSegments).toHaveLength(1);
    expect(metrics.agentSegments[0]!.toMs - metrics.agentSegments[0]!.fromMs).toBe(400);
  });

  it('falls silent at once on clear and returns the marks', async () => {
    const { id, peer } = await connect();
    peer.play(10_000, 'far');
    await until(async () => (await platform.report(id)).metrics.agentSegments.length === 1);
    peer.send({ event: 'clear' });
    await until(() => marksOf(peer).includes('far'));
    const frames = peer.of('media').length;
    await until(() => peer.of('media').length >= frames + 10);
    const segment = (await platform.report(id)).metrics.agentSegments[0]!;
    expect(segment.toMs - segment.fromMs).toBeLessThan(5_000);
  });

  it('answers the agent when it falls silent, and measures how soon the agent answers back', async () => {
    const { id, peer } = await connect();
    peer.play(600, 'greeting');
    await until(async () =>
      (await platform.report(id)).timeline.some((t) => t.who === 'caller' && t.step === 'hello'),
    );
    peer.play(300, 'answer');
    await until(() => marksOf(peer).includes('answer'));
    const report = await platform.report(id);
    expect(report.timeline).toEqual(
      expect.arrayContaining([expect.objectContaining({ who: 'agent', text: 'how can i help you' })]),
    );
    expect(report.metrics.turns).toEqual([{ step: 'hello', latencyMs: expect.any(Number) }]);
    expect(report.metrics.turns[0]!.latencyMs).toBeLessThan(10_000);
    const wav = readWav(await platform.audio(id));
    expect(wav.sampleRateHz).toBe(8000);
  });

  it('speaks over the agent and measures how soon it is silent', async () => {
    const { id, peer } = await connect({
      steps: [
        { id: 'but', say: 'but wait', overAgentAfterMs: 300 },
        { id: 'quiet', staySilent: true },
      ],
    });
    peer.play(10_000, 'long');
    await until(() => peer.of('media').some((m) => loud(m)));
    peer.send({ event: 'clear' });
    await until(async () => (await platform.report(id)).timeline.some((t) => t.step === 'but'));
    const { metrics } = await platform.report(id);
    expect(metrics.interruptions).toEqual([{ step: 'but', silenceAfterMs: expect.any(Number) }]);
    expect(metrics.interruptions[0]!.silenceAfterMs).toBeLessThan(10_000);
  });

  it('drops media without a word when the mode is not rtp, as the carrier does', async () => {
    const { id, peer } = await connect({}, 'mp3');
    peer.play(400, 'lost');
    await until(() => marksOf(peer).includes('lost'));
    const report = await platform.report(id);
    expect(report.metrics.agentSegments).toEqual([]);
    expect(report.violations[0]).toMatch(/not rtp/);
    expect(peer.of('error')).toEqual([]);
  });

  it('names what is wrong with a frame', async () => {
    const { peer } = await connect();
    peer.socket.send('not json');
    peer.send({ event: 'media', media: { payload: 'AAAA' } });
    await until(() => peer.of('error').length === 2);
    expect(peer.of('error').map((e) => (e['payload'] as { code: number }).code)).toEqual([100003, 100004]);
  });

  it('negotiates A-law when the scenario asks for it', async () => {
    const { peer } = await connect({ codec: 'PCMA' });
    expect(peer.of('start')[0]).toMatchObject({ start: { media_format: { encoding: 'PCMA' } } });
    expect((await until(() => platform.ofType('call.answered')[0])).payload['codec']).toBe('PCMA');
  });

  it('keeps the caller on the line when the platform closes the socket, and takes a new stream', async () => {
    const { id, peer } = await connect();
    peer.socket.terminate();
    await until(() => platform.ofType('streaming.stopped')[0]);
    expect((await platform.client.calls.retrieveStatus(id)).data?.is_alive).toBe(true);
    await platform.client.calls.actions.startStreaming(id, {
      stream_url: platform.streamUrl,
      stream_bidirectional_mode: 'rtp',
    });
    const second = await until(() => platform.peers[1]);
    await until(() => second.of('media').length > 2);
    expect((await platform.report(id)).streams).toBe(2);
  });

  it('reports a stream that cannot be opened', async () => {
    const { id } = await platform.call({});
    await platform.client.calls.actions.answer(id, {
      stream_url: 'ws://127.0.0.1:9/',
      stream_bidirectional_mode: 'rtp',
    });
    const failed = await until(() => platform.ofType('streaming.failed')[0]);
    expect(failed.payload).toMatchObject({
      stream_type: 'websocket',
      stream_params: { stream_url: 'ws://127.0.0.1:9/', track: 'inbound_track' },
    });
    expect((await platform.client.calls.retrieveStatus(id)).data?.is_alive).toBe(true);
  });

  it('sends keys on both ways and hangs up in mid-sentence', async () => {
    const { id, peer } = await connect({
      steps: [
        { id: 'zero', press: '0' },
        { id: 'cut', say: 'a long sentence that nobody hears the end of', afterMs: 100, hangUpAfterMs: 300 },
      ],
    });
    peer.play(300, 'greeting');
    await until(() => platform.ofType('call.hangup')[0]);
    expect(peer.of('dtmf')).toEqual([expect.objectContaining({ dtmf: { digit: '0' } })]);
    expect((await until(() => platform.ofType('call.dtmf.received')[0])).payload['digit']).toBe('0');
    const report = await platform.report(id);
    expect(report.end).toMatchObject({ by: 'caller', reason: 'in mid-sentence' });
    expect(platform.ofType('call.hangup')[0]!.payload['hangup_source']).toBe('caller');
  });
});

/** Whether a frame holds more than the noise of the line: mu-law codes of loud samples are small. */
function loud(message: Record<string, unknown>): boolean {
  const bytes = Buffer.from((message['media'] as { payload: string }).payload, 'base64');
  return bytes.some((b) => (b & 0x7f) < 0x30);
}
