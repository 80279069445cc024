import { CallRig } from '../testing/call-rig.ts';
import { phrases } from './phrases.ts';

describe('a turn', () => {
  it('goes to the dialogue with its text, its instants and its number', async () => {
    const rig = new CallRig();
    rig.dialogue.last.command({
      type: 'listen',
      settings: { expects: ['date'], vocabulary: ['Sharma'], noInputMs: undefined, endOfTurnMs: undefined },
    });
    await rig.pass(400);
    const from = rig.clock.wall();
    await rig.voice(800);
    await rig.pass(700);
    expect(rig.speech.asked.at(-1)).toMatchObject({ expects: ['date'], vocabulary: ['Sharma'] });
    expect(rig.dialogue.events.map((event) => event.type)).toEqual([
      'speech-started',
      // What the early result brought.
      'caller-partial',
      'caller-turn',
    ]);
    const turn = rig.dialogue.of('caller-turn')[0];
    expect(turn).toMatchObject({ turn: 1, recognition: { text: 'voice for 800', status: 'confident' } });
    expect(Math.abs((turn?.startedAt.getTime() ?? 0) - from)).toBeLessThanOrEqual(40);
    expect(Math.abs((turn?.endedAt.getTime() ?? 0) - from - 800)).toBeLessThanOrEqual(40);
  });

  it('is recognised whole although its result was asked for early in a pause', async () => {
    const rig = new CallRig();
    await rig.voice(600);
    await rig.pass(360);
    await rig.voice(400);
    await rig.pass(800);
    expect(rig.speech.heardMs).toEqual([600, 1_000, 1_000].slice(0, rig.speech.heardMs.length));
    expect(rig.dialogue.of('caller-turn')).toEqual([
      expect.objectContaining({ turn: 1, recognition: expect.objectContaining({ text: 'voice for 1000' }) }),
    ]);
    expect(rig.metrics.seen.get('speculation')).toEqual(['resumed']);
  });

  it('has its result at hand when it ends', async () => {
    const rig = new CallRig();
    await rig.voice(600);
    await rig.pass(800);
    expect(rig.metrics.seen.get('recognitionWait')).toEqual([0]);
  });

  it('is left out when it was a short noise without a word', async () => {
    const rig = new CallRig();
    rig.speech.hears = () => ({ text: '', status: 'not-understood' });
    await rig.voice(140);
    await rig.pass(1_000);
    expect(rig.dialogue.of('caller-turn')).toEqual([]);
    await rig.voice(400);
    await rig.pass(1_000);
    expect(rig.dialogue.of('caller-turn')).toHaveLength(1);
  });

  it('is not understood, rather than lost, when the recogniser fails; nothing that was said is logged', async () => {
    const rig = new CallRig();
    rig.speech.finish = () => Promise.reject(new Error('engine died'));
    await rig.voice(600);
    await rig.pass(1_000);
    expect(rig.dialogue.of('caller-turn')).toEqual([
      expect.objectContaining({ recognition: expect.objectContaining({ status: 'not-understood' }) }),
    ]);
    expect(rig.logger.text()).not.toContain('voice for');
  });

  it('shows partials at most every 200 ms', async () => {
    const rig = new CallRig();
    rig.speech.hearsSoFar = (ms) => `so far ${Math.floor(ms / 40)}`;
    await rig.voice(1_000);
    const partials = rig.dialogue.of('caller-partial');
    expect(partials.length).toBeGreaterThanOrEqual(3);
    expect(partials.length).toBeLessThanOrEqual(6);
  });

  it('is numbered behind those of the connection before, when a call is taken over', async () => {
    const rig = new CallRig({ resumed: true, ownerEpoch: 2 });
    await rig.voice(600);
    await rig.pass(1_000);
    expect(rig.dialogue.of('caller-turn')[0]?.turn).toBe(2_001);
  });
});

describe('speaking', () => {
  it('plays clause by clause, paced, and reports the end', async () => {
    const rig = new CallRig();
    await rig.pass(100);
    rig.dialogue.last.say('u1', 'Hello there. How can I help you today?');
    await rig.pass(1_500);
    const frames = rig.line.of('frame');
    expect(frames).toHaveLength(10 + 12 + 30);
    expect(rig.line.of('mark')).toHaveLength(2);
    const at = frames.map((frame) => frame.at);
    for (const [index, instant] of at.entries()) {
      expect(instant - (at[0] ?? 0)).toBeGreaterThanOrEqual(index * 20 - 60);
    }
    expect(rig.dialogue.of('utterance-ended')).toEqual([
      {
        type: 'utterance-ended',
        utteranceId: 'u1',
        end: 'played',
        heardText: 'Hello there. How can I help you today?',
      },
    ]);
    expect(rig.speech.said.map((one) => one.text)).toEqual(['Hello there.', 'How can I help you today?']);
  });

  it('starts while the rest is still being made', async () => {
    const rig = new CallRig();
    const { synthesise } = rig.speech;
    let release = (): void => undefined;
    rig.speech.synthesise = async (text) => {
      if (text.startsWith('Second')) await new Promise<void>((resolve) => (release = resolve));
      return synthesise(text);
    };
    rig.dialogue.last.say('u1', 'First sentence. Second sentence.');
    await rig.pass(100);
    expect(rig.line.of('frame').length).toBeGreaterThan(3);
    release();
    await rig.pass(1_500);
    expect(rig.dialogue.of('utterance-ended')).toHaveLength(1);
  });

  it('reports what no voice could be made of, and goes on', async () => {
    const rig = new CallRig();
    const { synthesise } = rig.speech;
    rig.speech.synthesise = (text) =>
      text === 'Bad.' ? Promise.reject(new Error('no voice')) : synthesise(text);
    rig.dialogue.last.say('u1', 'Bad.');
    rig.dialogue.last.say('u2', 'Good.');
    await rig.pass(600);
    expect(rig.dialogue.of('utterance-ended').map(({ utteranceId, end }) => [utteranceId, end])).toEqual([
      ['u1', 'failed'],
      ['u2', 'played'],
    ]);
  });

  it('is replaced by a newer utterance, and stops at a hush', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'One two three four five six.');
    await rig.pass(300);
    rig.dialogue.last.say('u2', 'Seven eight nine.', { replace: true });
    await rig.pass(100);
    rig.dialogue.last.command({ type: 'hush' });
    expect(rig.line.of('clear')).toHaveLength(2);
    expect(rig.dialogue.of('utterance-ended').map(({ utteranceId, end }) => [utteranceId, end])).toEqual([
      ['u1', 'replaced'],
      ['u2', 'replaced'],
    ]);
  });
});

describe('what the dialogue says while the caller speaks', () => {
  it('waits for the end of the turn, and is not begun when the answer to that turn replaces it', async () => {
    const rig = new CallRig();
    await rig.voice(400);
    rig.dialogue.last.say('stale', 'An answer to something said before.');
    rig.dialogue.onEvent = (event, conversation) => {
      if (event.type === 'caller-turn')
        setTimeout(() => conversation.say('fresh', 'Certainly.', { replace: true }), 0);
    };
    await rig.voice(400);
    await rig.pass(1_500);
    expect(
      rig.dialogue
        .of('utterance-ended')
        .map(({ utteranceId, end, heardText }) => [utteranceId, end, heardText]),
    ).toEqual([
      ['stale', 'replaced', ''],
      ['fresh', 'played', 'Certainly.'],
    ]);
    expect(rig.line.of('frame')).toHaveLength(5);
  });

  it('is said after a while when no answer comes', async () => {
    const rig = new CallRig();
    await rig.voice(400);
    rig.dialogue.last.say('u1', 'An answer to something said before.');
    await rig.pass(1_500);
    expect(rig.line.of('frame').length).toBeGreaterThan(0);
  });

  it('lets a filler that has begun come to its end', async () => {
    const rig = new CallRig();
    await rig.voice(600);
    await rig.pass(1_340);
    expect(rig.speech.said.map((one) => one.text)).toEqual([phrases.thinking]);
    rig.dialogue.last.say('u1', 'Certainly.', { replace: true });
    await rig.pass(1_000);
    expect(rig.line.of('clear')).toEqual([]);
    expect(rig.line.of('frame')).toHaveLength(10 + 5);
  });
});

describe('barge-in', () => {
  it('silences the carrier on about 100 ms of voice and reports what was heard', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'We have Tuesday at ten with Doctor Sharma in cardiology.');
    await rig.pass(400);
    const from = rig.clock.now();
    await rig.voice(600);
    await rig.pass(800);
    const clear = rig.line.of('clear')[0];
    expect((clear?.at ?? Infinity) - from).toBeLessThanOrEqual(140);
    expect(rig.line.of('frame').filter((frame) => frame.at > (clear?.at ?? 0))).toEqual([]);
    expect(rig.dialogue.events.map((event) => event.type)).toEqual([
      'utterance-ended',
      'speech-started',
      'caller-partial',
      'caller-turn',
    ]);
    const ended = rig.dialogue.of('utterance-ended')[0];
    expect(ended?.end).toBe('interrupted');
    expect('We have Tuesday at ten'.startsWith(ended?.heardText ?? '-')).toBe(true);
    expect(ended?.heardText).toContain('We have');
    expect(rig.metrics.seen.get('bargeIn')).toEqual(['taken']);
  });

  it('goes on after a cough, from the clause in which it stopped', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'Hello there. We have Tuesday at ten.');
    await rig.pass(800);
    await rig.voice(130);
    await rig.pass(2_000);
    expect(rig.line.of('clear')).toHaveLength(1);
    expect(rig.dialogue.of('utterance-ended')).toEqual([expect.objectContaining({ end: 'played' })]);
    expect(rig.dialogue.of('speech-started')).toEqual([]);
    const after = rig.line.of('frame').filter((frame) => frame.at > (rig.line.of('clear')[0]?.at ?? 0));
    expect(after).toHaveLength(25);
  });

  it('leaves what must be heard alone', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'This sounds like an emergency.', { interruptible: false });
    await rig.pass(100);
    await rig.voice(400);
    rig.call.onDigit('5');
    await rig.pass(1_000);
    expect(rig.line.of('clear')).toEqual([]);
    expect(rig.dialogue.of('utterance-ended')).toEqual([expect.objectContaining({ end: 'played' })]);
    expect(rig.dialogue.of('caller-turn')).toHaveLength(1);
  });

  it('is a key press, too, and no key is lost', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'Please enter your number now.');
    await rig.pass(200);
    for (const digit of '120') rig.call.onDigit(digit);
    expect(rig.dialogue.events).toEqual([
      expect.objectContaining({ type: 'utterance-ended', end: 'interrupted' }),
      { type: 'key-pressed', digit: '1' },
      { type: 'key-pressed', digit: '2' },
      { type: 'key-pressed', digit: '0' },
    ]);
    expect(rig.line.of('clear')).toHaveLength(1);
  });
});

describe('silence', () => {
  it('of the caller is reported after what the dialogue allows', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'How can I help?');
    rig.dialogue.last.command({
      type: 'listen',
      settings: { expects: ['open'], vocabulary: [], noInputMs: 3_000, endOfTurnMs: undefined },
    });
    await rig.pass(3_300);
    expect(rig.dialogue.of('caller-silent')).toEqual([]);
    await rig.pass(300);
    expect(rig.dialogue.of('caller-silent')).toHaveLength(1);
  });

  it('of the dialogue is filled once after 700 ms', async () => {
    const rig = new CallRig();
    await rig.voice(600);
    await rig.pass(1_200);
    expect(rig.speech.said).toEqual([]);
    await rig.pass(3_000);
    expect(rig.speech.said).toEqual([{ text: phrases.thinking, rate: 1 }]);
    expect(rig.dialogue.of('utterance-ended')).toEqual([]);
  });

  it('is not filled when the dialogue answers', async () => {
    const rig = new CallRig();
    rig.dialogue.onEvent = (event, conversation) => {
      if (event.type === 'caller-turn') conversation.say('u1', 'Certainly.');
    };
    await rig.voice(600);
    await rig.pass(2_000);
    expect(rig.speech.said.map((one) => one.text)).toEqual(['Certainly.']);
    expect(rig.metrics.seen.get('turnLatency')).toHaveLength(1);
    expect(rig.dialogue.of('turn-measured')).toEqual([
      { type: 'turn-measured', turn: 1, responseMs: rig.metrics.seen.get('turnLatency')?.[0] },
    ]);
  });
});

describe('the dialogue', () => {
  it('ends the call after what is being said', async () => {
    const rig = new CallRig();
    rig.dialogue.last.say('u1', 'Good bye and thank you.');
    await rig.pass(100);
    rig.dialogue.last.listener.onEnded();
    await rig.pass(200);
    expect(rig.line.of('close')).toEqual([]);
    await rig.pass(800);
    expect(rig.line.of('close')).toEqual([expect.objectContaining({ code: 1000 })]);
    expect(rig.line.of('frame').length).toBe(25);
    expect([rig.closed, rig.speech.open]).toEqual([1, 0]);
  });

  it('comes back after a break: the caller hears a filler, events are kept, the stream is resumed', async () => {
    const rig = new CallRig();
    rig.dialogue.last.command({ type: 'hush' });
    rig.dialogue.refusal = { cause: new Error('connection refused'), verdict: 'transient' };
    rig.dialogue.last.listener.onBroken({ cause: new Error('reset'), verdict: 'transient' });
    await rig.pass(400);
    rig.call.onDigit('7');
    await rig.pass(1_000);
    expect(rig.speech.said).toEqual([{ text: phrases.reconnecting, rate: 1 }]);
    rig.dialogue.refusal = undefined;
    await rig.pass(3_000);
    expect(rig.dialogue.last.facts.resumed).toBe(true);
    expect(rig.dialogue.last.events).toEqual([{ type: 'key-pressed', digit: '7' }]);
    rig.dialogue.last.say('u2', 'Where were we?');
    await rig.pass(1_000);
    expect(rig.speech.said.map((one) => one.text)).toEqual([phrases.reconnecting, 'Where were we?']);
    expect(rig.line.of('close')).toEqual([]);
  });

  it('that cannot be restored within 8 s leaves an apology and a closed line', async () => {
    const rig = new CallRig();
    rig.dialogue.refusal = { cause: new Error('connection refused'), verdict: 'transient' };
    rig.dialogue.last.listener.onBroken({ cause: new Error('reset'), verdict: 'transient' });
    await rig.pass(7_000);
    expect(rig.line.of('close')).toEqual([]);
    await rig.pass(6_000);
    expect(rig.speech.said.map((one) => one.text)).toEqual([
      phrases.reconnecting,
      'I am sorry, something went wrong on our side.',
      'Please hold the line.',
    ]);
    expect(rig.line.of('close')).toEqual([expect.objectContaining({ code: 1011, reason: 'dialogue lost' })]);
  });

  it('that refuses the call for good is not asked again', async () => {
    const rig = new CallRig();
    rig.dialogue.last.listener.onBroken({ cause: new Error('not found'), verdict: 'refused' });
    await rig.pass(5_000);
    expect(rig.dialogue.conversations).toHaveLength(1);
    expect(rig.line.of('close')).toEqual([expect.objectContaining({ code: 1011 })]);
  });

  it('that has the call elsewhere by now is left alone, without a word', async () => {
    const rig = new CallRig();
    rig.dialogue.last.listener.onBroken({ cause: new Error('stale epoch'), verdict: 'taken-over' });
    await rig.pass(100);
    expect(rig.speech.said).toEqual([]);
    expect(rig.line.of('close')).toEqual([expect.objectContaining({ code: 1008 })]);
  });

  it('hears of a hang-up, but not of a lost connection', async () => {
    const stopped = new CallRig();
    stopped.call.onCarrierStopped();
    expect(stopped.dialogue.last.events).toEqual([{ type: 'caller-hung-up' }]);
    const lost = new CallRig();
    lost.call.close();
    lost.call.close();
    expect(lost.dialogue.last.events).toEqual([]);
    expect(lost.dialogue.last.closed).toBe(true);
    expect([lost.closed, lost.speech.open]).toEqual([1, 0]);
  });
});

it('a call that fails ends alone, with a reason', async () => {
  const rig = new CallRig();
  rig.speech.hearsSoFar = () => {
    throw new Error('engine fault');
  };
  await rig.voice(400);
  expect(rig.line.of('close')).toEqual([expect.objectContaining({ code: 1011, reason: 'call failed' })]);
  expect(rig.closed).toBe(1);
});
