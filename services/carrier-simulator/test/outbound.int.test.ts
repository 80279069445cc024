import { createScriptedEar } from '../src/testing/scripted-ear.ts';
import { startScriptedPlatform, until } from './scripted-platform.ts';

type Platform = Awaited<ReturnType<typeof startScriptedPlatform>>;
const patient = '+12025550143';

/** Calls that the platform makes, dialled by the carrier's own SDK. */
describe('a dialled call', () => {
  let platform: Platform;
  const start = async (o: Parameters<typeof startScriptedPlatform>[0] = {}) =>
    (platform = await startScriptedPlatform(o));
  afterEach(() => platform.stop());

  const ofType = (type: string) => until(() => platform.ofType(type)[0]);
  /** Streams as soon as somebody has picked up. */
  const streamOnAnswer = () => {
    platform.onEvent = (event) => {
      if (event.type !== 'call.answered') return;
      void platform.client.calls.actions.startStreaming(event.payload['call_control_id'] as string, {
        stream_url: platform.streamUrl,
        stream_bidirectional_mode: 'rtp',
      });
    };
  };
  const truthOf = async (id: string) => (await platform.truths()).find((t) => t.id === id)!;

  it('answers as the carrier does, and tells of the ringing and the answer', async () => {
    await start();
    await platform.people({ number: patient, behaviour: 'answers', ringMs: 200 });
    const state = Buffer.from('mine').toString('base64');
    const data = await platform.dial(patient, { client_state: state, command_id: 'dial-1' });
    expect(data).toMatchObject({
      record_type: 'call',
      call_control_id: expect.stringMatching(/^v3:/),
      call_leg_id: expect.any(String),
      call_session_id: expect.any(String),
      is_alive: false,
      client_state: state,
    });
    const initiated = await ofType('call.initiated');
    expect(initiated.payload).toMatchObject({
      call_control_id: data.call_control_id,
      client_state: state,
      direction: 'outgoing',
      state: 'bridging',
      from: '+12025550110',
      to: patient,
      connection_id: '1494404757140276705',
    });
    expect((await ofType('call.answered')).payload).toMatchObject({
      call_control_id: data.call_control_id,
      client_state: state,
      state: 'answered',
    });
    expect((await platform.client.calls.retrieveStatus(data.call_control_id)).data?.is_alive).toBe(true);
  });

  it('is made once for one command_id, and the answer is the same', async () => {
    await start();
    await platform.people({ number: patient, behaviour: 'answers', ringMs: 100 });
    const [first, second] = await Promise.all([
      platform.dial(patient, { command_id: 'same' }),
      platform.dial(patient, { command_id: 'same' }),
    ]);
    expect(second.call_control_id).toBe(first.call_control_id);
    // On a busy machine one webhook may overtake the other.
    await ofType('call.initiated');
    await ofType('call.answered');
    expect(await platform.truths()).toHaveLength(1);
    expect(platform.ofType('call.initiated')).toHaveLength(1);
  });

  it('is refused for what is no number, in the shape of the carrier, and for one that it does not serve', async () => {
    await start();
    await platform.people({ number: '+12025550144', behaviour: 'refused' });
    await expect(platform.dial('reception')).rejects.toMatchObject({
      status: 422,
      error: { errors: [expect.objectContaining({ code: '10016', source: { pointer: '/to' } })] },
    });
    await expect(platform.dial('+12025550144')).rejects.toMatchObject({
      status: 422,
      error: { errors: [expect.objectContaining({ code: '10002' })] },
    });
    expect(platform.events).toEqual([]);
  });

  it("is refused above the account's calls per second, which can be set", async () => {
    await start({ callsPerSecondMax: 2 });
    const dials = await Promise.allSettled([0, 1, 2, 3].map((n) => platform.dial(`+1202555010${n}`)));
    const refused = dials.filter((d) => d.status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]!.reason).toMatchObject({
      status: 429,
      error: { errors: [expect.objectContaining({ code: '10011' })] },
    });
    await platform.carrier({ callsPerSecondMax: 0 });
    await platform.dial('+12025550199');
  });

  it.each([
    ['busy', 'user_busy', '486', 'callee'],
    ['rejects', 'call_rejected', '603', 'callee'],
    ['invalid', 'not_found', '404', 'unknown'],
  ] as const)('ends without an answer: %s is %s', async (behaviour, cause, sip, source) => {
    await start();
    await platform.people({ number: patient, behaviour, ringMs: 50 });
    await platform.dial(patient);
    expect((await ofType('call.hangup')).payload).toMatchObject({
      hangup_cause: cause,
      sip_hangup_cause: sip,
      hangup_source: source,
      state: 'hangup',
    });
    expect(platform.ofType('call.answered')).toEqual([]);
    expect((await platform.truths())[0]).toMatchObject({ answeredAtMs: null, end: { cause } });
  });

  it('rings until timeout_secs are over, and is a timeout then', async () => {
    await start();
    await platform.people({ number: patient, behaviour: 'no-answer' });
    await platform.dial(patient, { timeout_secs: 5 });
    const { payload } = await ofType('call.hangup');
    expect(payload['hangup_cause']).toBe('timeout');
    const rang = Date.parse(payload['end_time'] as string) - Date.parse(payload['start_time'] as string);
    expect(rang).toBeGreaterThanOrEqual(4_900);
  });

  it('is a no_answer when the other network gives up first, or when the dialler asked for that word', async () => {
    await start();
    await platform.people({ number: patient, behaviour: 'no-answer', ringMs: 100 });
    await platform.dial(patient);
    expect((await ofType('call.hangup')).payload['hangup_cause']).toBe('no_answer');
    await platform.dial('+12025550107', { timeout_secs: 5, retry_on_timeout: false });
    const second = await until(() => platform.ofType('call.hangup')[1]);
    expect(second.payload['hangup_cause']).toBe('no_answer');
  });

  it('can be cancelled while it rings', async () => {
    await start();
    await platform.people({ number: patient, behaviour: 'no-answer' });
    const { call_control_id: id } = await platform.dial(patient);
    await ofType('call.initiated');
    await platform.client.calls.actions.hangup(id, {});
    expect((await ofType('call.hangup')).payload['hangup_source']).toBe('caller');
  });

  it('lets a person say hello when they pick up, and says what picked up', async () => {
    await start();
    streamOnAnswer();
    await platform.people({
      number: patient,
      behaviour: 'answers',
      ringMs: 50,
      detection: { result: 'human_residence', afterMs: 300 },
    });
    const { call_control_id: id } = await platform.dial(patient);
    const detected = await ofType('call.machine.premium.detection.ended');
    expect(detected.payload).toMatchObject({ call_control_id: id, result: 'human_residence' });
    await until(async () => (await truthOf(id)).said.length === 1);
    const truth = await truthOf(id);
    expect(truth.said[0]!.text).toMatch(/hello/i);
    expect(truth.firstWordMs).toBeGreaterThanOrEqual(400);
    expect(truth.soundBeforeAnswerMs).toBe(0);
    expect(platform.ofType('call.machine.premium.greeting.ended')).toEqual([]);
  });

  it('says nothing of machines when nobody asked, and plain words for the plain detection', async () => {
    await start();
    await platform.people(
      {
        number: patient,
        behaviour: 'answers',
        ringMs: 20,
        detection: { result: 'human_residence', afterMs: 50 },
      },
      {
        number: '+12025550144',
        behaviour: 'answers',
        ringMs: 20,
        detection: { result: 'silence', afterMs: 50 },
      },
    );
    const quiet = await platform.dial(patient, { answering_machine_detection: 'disabled' });
    await platform.dial('+12025550144', { answering_machine_detection: 'detect' });
    expect((await ofType('call.machine.detection.ended')).payload['result']).toBe('not_sure');
    await until(async () => (await truthOf(quiet.call_control_id)).said.length > 0);
    expect(platform.events.filter((e) => e.type.includes('machine'))).toHaveLength(1);
  });

  it('is a machine that greets, beeps, and records what it is told after the beep', async () => {
    await start({ ear: createScriptedEar('your appointment is on tuesday') });
    await platform.people({
      number: patient,
      behaviour: 'machine',
      greeting: 'leave a word',
      ringMs: 50,
      detection: { result: 'machine', afterMs: 200 },
    });
    const { call_control_id: id } = await platform.dial(patient);
    expect((await ofType('call.machine.premium.detection.ended')).payload['result']).toBe('machine');
    const greeting = await ofType('call.machine.premium.greeting.ended');
    expect(greeting.payload['result']).toBe('beep_detected');
    await platform.client.calls.actions.startStreaming(id, {
      stream_url: platform.streamUrl,
      stream_bidirectional_mode: 'rtp',
    });
    const peer = await until(() => platform.peers[0]);
    await until(() => peer.of('start')[0]);
    peer.play(600, 'said');
    await until(() => peer.of('mark')[0]);
    await platform.client.calls.actions.hangup(id, {});
    await until(async () => (await truthOf(id)).machine?.message !== '');
    const { machine } = await truthOf(id);
    expect(machine).toMatchObject({
      beepAtMs: expect.any(Number),
      overGreetingMs: 0,
      message: 'your appointment is on tuesday',
    });
    expect(machine!.messageMs).toBe(600);
  });

  it('notes what was said over a greeting', async () => {
    await start();
    streamOnAnswer();
    await platform.people({ number: patient, behaviour: 'machine', ringMs: 20 });
    const { call_control_id: id } = await platform.dial(patient);
    const peer = await until(() => platform.peers[0]);
    await until(() => peer.of('start')[0]);
    peer.play(300, 'rude');
    await until(() => peer.of('mark')[0]);
    expect((await truthOf(id)).machine).toMatchObject({ overGreetingMs: 300, messageMs: 0 });
  });

  it("tells only of the greeting's end when the beep comes before the verdict", async () => {
    await start();
    await platform.people({
      number: patient,
      behaviour: 'machine',
      greeting: 'gone',
      ringMs: 20,
      detection: { result: 'machine', afterMs: 10_000 },
    });
    await platform.dial(patient);
    await ofType('call.machine.premium.greeting.ended');
    expect(platform.ofType('call.machine.premium.detection.ended')).toEqual([]);
  });

  it('tells of a greeting that ends without a beep', async () => {
    await start();
    await platform.people({
      number: patient,
      behaviour: 'machine',
      greeting: 'gone',
      beep: false,
      ringMs: 20,
      detection: { result: 'machine', afterMs: 100 },
    });
    await platform.dial(patient);
    expect((await ofType('call.machine.premium.greeting.ended')).payload['result']).toBe('no_beep_detected');
  });

  it('is busy while its phone is in use, and the overlap is known', async () => {
    await start();
    await platform.people({ number: patient, behaviour: 'answers', ringMs: 50 });
    const first = await platform.dial(patient);
    await ofType('call.answered');
    const second = await platform.dial(patient);
    expect((await ofType('call.hangup')).payload).toMatchObject({
      call_control_id: second.call_control_id,
      hangup_cause: 'user_busy',
    });
    expect((await truthOf(second.call_control_id)).overlapped).toEqual([first.call_control_id]);
  });

  it('knows when it should not have been made', async () => {
    await start();
    await platform.people(
      { number: patient, behaviour: 'busy', mayBeCalled: 'never' },
      {
        number: '+12025550144',
        behaviour: 'busy',
        mayBeCalled: { timeZone: 'America/Chicago', from: '00:00', to: '00:00' },
      },
      {
        number: '+12025550145',
        behaviour: 'busy',
        mayBeCalled: { timeZone: 'America/Chicago', from: '00:00', to: '24:00' },
      },
    );
    for (const to of [patient, '+12025550144', '+12025550145']) await platform.dial(to);
    expect((await platform.truths()).map((t) => t.notAllowed)).toEqual([['never'], ['outside-window'], []]);
  });

  it('finds another behaviour at the next call, when one was described', async () => {
    await start();
    await platform.people({ number: patient, behaviour: ['busy', 'answers'], ringMs: 30 });
    await platform.dial(patient);
    await ofType('call.hangup');
    await platform.dial(patient);
    await ofType('call.answered');
    expect((await platform.truths()).map((t) => [t.nth, t.behaviour])).toEqual([
      [0, 'busy'],
      [1, 'answers'],
    ]);
  });

  it('can have its webhooks doubled, shuffled and late, and before the answer to the command', async () => {
    await start();
    await platform.people({
      number: patient,
      behaviour: 'busy',
      ringMs: 20,
      webhooks: { duplicate: true, shuffle: true, delayMs: 100 },
      seed: 7,
    });
    await platform.dial(patient);
    await until(() => platform.events.length === 4);
    expect(new Set(platform.events.map((e) => e.id)).size).toBe(2);

    await platform.people({ number: patient, behaviour: 'busy', ringMs: 20, dialAnswerDelayMs: 500 });
    const dialled = platform.dial(patient);
    await until(() => platform.ofType('call.hangup').length === 3);
    const data = await dialled;
    expect(platform.ofType('call.hangup')[2]!.payload['call_control_id']).toBe(data.call_control_id);
  });

  it('transfers to somebody who answers, is busy, or is not there', async () => {
    await start();
    const supervisor = '+12025550171';
    await platform.people({ number: patient, behaviour: 'answers', ringMs: 20 });
    const { call_control_id: id } = await platform.dial(patient);
    await ofType('call.answered');
    for (const [behaviour, cause] of [
      ['busy', 'user_busy'],
      ['no-answer', 'no_answer'],
    ] as const) {
      await platform.people({ number: supervisor, behaviour, ringMs: 50 });
      await platform.client.calls.actions.transfer(id, { to: supervisor });
      const gone = await until(() =>
        platform.ofType('call.hangup').find((e) => e.payload['hangup_cause'] === cause),
      );
      expect(gone.payload['to']).toBe(supervisor);
      expect((await platform.client.calls.retrieveStatus(id)).data?.is_alive).toBe(true);
    }
    await platform.people({ number: supervisor, behaviour: 'answers', ringMs: 50, talkMs: 200 });
    await platform.client.calls.actions.transfer(id, { to: supervisor });
    await until(() => platform.ofType('call.bridged').length === 2);
    await until(() => platform.ofType('call.hangup').length === 4);
    expect((await truthOf(id)).transfers.map((t) => t.connected)).toEqual([false, false, true]);
  });

  it('refuses people that are not described well', async () => {
    await start();
    const { status, body } = await platform.people({ number: '555', behaviour: 'confirm' });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(/E\.164/);
  });
});
