import { startScriptedPlatform, until } from './scripted-platform.ts';

type Platform = Awaited<ReturnType<typeof startScriptedPlatform>>;

describe('call control over the wire', () => {
  let platform: Platform;
  beforeEach(async () => {
    platform = await startScriptedPlatform();
  });
  afterEach(() => platform.stop());

  const initiated = async () =>
    (await until(() => platform.ofType('call.initiated')[0])).payload['call_control_id'] as string;
  const answered = async () => {
    await platform.call({});
    const id = await initiated();
    await platform.client.calls.actions.answer(id, {
      stream_url: platform.streamUrl,
      stream_bidirectional_mode: 'rtp',
    });
    const peer = await until(() => platform.peers[0]);
    await until(() => peer.of('start')[0]);
    return { id, peer };
  };

  it('signs webhooks so that the SDK of the carrier accepts them, and fills the envelope', async () => {
    const { status, id } = await platform.call({});
    expect(status).toBe(201);
    const event = await until(() => platform.events[0]);
    expect(event).toMatchObject({
      type: 'call.initiated',
      attempt: 1,
      userAgent: 'telnyx-webhooks',
      payload: {
        call_control_id: id,
        direction: 'incoming',
        state: 'parked',
        from: '+12025550143',
        to: '+12025550110',
        client_state: null,
      },
    });
    expect(platform.refused).toEqual([]);
  });

  it('refuses a command without the right key', async () => {
    const { Telnyx } = await import('telnyx');
    const stranger = new Telnyx({ apiKey: 'wrong', baseURL: `${platform.base}/v2`, maxRetries: 0 });
    await platform.call({});
    await expect(stranger.calls.actions.answer(await initiated(), {})).rejects.toMatchObject({ status: 401 });
  });

  it('reports a call, and 404 for one it does not know', async () => {
    await platform.call({});
    const id = await initiated();
    const { data } = await platform.client.calls.retrieveStatus(id);
    expect(data).toMatchObject({ record_type: 'call', call_control_id: id, is_alive: true });
    await expect(platform.client.calls.retrieveStatus('v3:nobody')).rejects.toMatchObject({ status: 404 });
  });

  it('refuses what the carrier would refuse, with its errors', async () => {
    await platform.call({});
    const id = await initiated();
    await expect(
      platform.client.calls.actions.answer(id, { stream_url: 'https://not-a-socket.example' }),
    ).rejects.toMatchObject({
      status: 422,
      error: { errors: [expect.objectContaining({ code: '10015', source: { pointer: '/stream_url' } })] },
    });
    await expect(platform.client.calls.actions.transfer(id, { to: 'reception' })).rejects.toMatchObject({
      status: 422,
    });
    expect((await platform.report(id)).state).toBe('ringing');
  });

  it('ends a call once: a command afterwards is 422 with code 90018', async () => {
    const { id, peer } = await answered();
    await platform.client.calls.actions.hangup(id, {});
    await expect(platform.client.calls.actions.hangup(id, {})).rejects.toMatchObject({
      status: 422,
      error: { errors: [expect.objectContaining({ code: '90018' })] },
    });
    const hangup = await until(() => platform.ofType('call.hangup')[0]);
    expect(hangup.payload).toMatchObject({
      state: 'hangup',
      hangup_cause: 'normal_clearing',
      hangup_source: 'callee',
    });
    await until(() => platform.ofType('streaming.stopped')[0]);
    await until(() => peer.of('stop')[0]);
    expect((await platform.client.calls.retrieveStatus(id)).data?.is_alive).toBe(false);
  });

  it('does a command once for one command_id', async () => {
    await platform.call({});
    const id = await initiated();
    await platform.client.calls.actions.answer(id, { command_id: 'one' });
    // The second would be refused, were it not the same command: the call is answered already.
    await platform.client.calls.actions.answer(id, { command_id: 'one' });
    await expect(platform.client.calls.actions.answer(id, { command_id: 'two' })).rejects.toMatchObject({
      status: 422,
    });
    await until(() => platform.ofType('call.answered')[0]);
    expect(platform.ofType('call.answered')).toHaveLength(1);
  });

  it('echoes the client state on every later webhook of the leg', async () => {
    await platform.call({});
    const state = Buffer.from('mine').toString('base64');
    await platform.client.calls.actions.answer(await initiated(), { client_state: state });
    expect((await until(() => platform.ofType('call.answered')[0])).payload['client_state']).toBe(state);
  });

  it('transfers to a person, bridges both legs, stops the stream and ends with them', async () => {
    const { id, body } = await platform.call({ transfer: { ringMs: 100, talkMs: 200 } });
    expect(body['state']).toBe('ringing');
    await platform.client.calls.actions.answer(id, {
      stream_url: platform.streamUrl,
      stream_bidirectional_mode: 'rtp',
    });
    await until(() => platform.ofType('streaming.started')[0]);
    await platform.client.calls.actions.transfer(id, { to: '+12025550119' });
    await until(() => platform.ofType('call.hangup').length === 2);
    const outgoing = platform.ofType('call.initiated').find((e) => e.payload['direction'] === 'outgoing');
    expect(outgoing?.payload).toMatchObject({ to: '+12025550119', call_session_id: body['callSessionId'] });
    expect(platform.ofType('call.bridged')).toHaveLength(2);
    expect(platform.ofType('streaming.stopped')).toHaveLength(1);
    expect((await platform.report(id)).end).toMatchObject({ by: 'person' });
  });

  it('keeps the caller when nobody answers the transfer', async () => {
    const { id } = await platform.call({ transfer: { answer: false, ringMs: 100 } });
    await platform.client.calls.actions.answer(id, {});
    await platform.client.calls.actions.transfer(id, { to: '+12025550119' });
    const hangup = await until(() => platform.ofType('call.hangup')[0]);
    expect(hangup.payload).toMatchObject({ hangup_cause: 'no_answer', to: '+12025550119' });
    expect((await platform.client.calls.retrieveStatus(id)).data?.is_alive).toBe(true);
  });

  it('refuses a scenario that is not one, naming every problem and its step', async () => {
    const { status, body } = await platform.call({
      steps: [
        { id: 'both', say: 'a', press: '1' },
        { id: 'ghost', say: 'b', needs: ['nobody'] },
      ],
    });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(
      /step \\"both\\".*exactly one of.*step \\"ghost\\".*unknown step \\"nobody\\"/,
    );
  });
});

describe('webhook delivery', () => {
  it('is tried again until it is accepted, as the same event', async () => {
    const statuses = [503, 500, 200];
    const platform = await startScriptedPlatform({
      webhookStatus: () => statuses.shift() ?? 200,
      retryDelays: [10, 10, 10, 10, 10],
    });
    await platform.call({});
    await until(() => platform.events.length === 3);
    expect(platform.events.map((e) => e.attempt)).toEqual([1, 2, 3]);
    expect(new Set(platform.events.map((e) => e.id)).size).toBe(1);
    await platform.stop();
  });

  it('is doubled and shuffled when the scenario wants it', async () => {
    const platform = await startScriptedPlatform();
    const { id } = await platform.call({ webhooks: { duplicate: true, shuffle: true }, seed: 7 });
    await platform.client.calls.actions.answer(id, {
      stream_url: platform.streamUrl,
      stream_bidirectional_mode: 'rtp',
    });
    await until(async () => (await platform.report(id)).streams === 1);
    await platform.client.calls.actions.hangup(id, {});
    const types = [
      'call.initiated',
      'call.answered',
      'streaming.started',
      'streaming.stopped',
      'call.hangup',
    ];
    await until(() => platform.events.length === types.length * 2);
    for (const type of types) {
      const both = platform.ofType(type);
      expect(both.map((e) => e.id)).toEqual([both[0]?.id, both[0]?.id]);
    }
    await platform.stop();
  });
});
