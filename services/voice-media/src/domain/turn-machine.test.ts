import { Timeline } from '../testing/timeline.ts';
import { turnTiming } from './turn-machine.ts';
import type { Expectation } from '@wardline/dialogue-words';

describe('start of speech', () => {
  it('needs about 96 ms of voice, and reaches back before it', () => {
    const line = new Timeline().silence(320).voice(64);
    expect(line.kinds).toEqual([]);
    line.voice(32);
    expect(line.effects).toEqual([
      { type: 'begin-recognition', turn: 1, from: 320 - turnTiming.preRollMs, when: 416 },
      { type: 'announce-speech', turn: 1, at: 320, when: 416 },
    ]);
  });

  it('forgets a click', () => {
    const line = new Timeline().voice(64).silence(128).voice(64).silence(500);
    expect(line.kinds).toEqual([]);
    expect(line.state.caller.kind).toBe('quiet');
  });

  it('does not begin on weak voice, but goes on with it', () => {
    expect(new Timeline().voice(960, 0.45).kinds).toEqual([]);
    const line = new Timeline().voice(320).voice(960, 0.45);
    expect(line.kinds).toEqual(['begin-recognition', 'announce-speech']);
  });
});

describe('end of turn', () => {
  const cases: [Expectation, number][] = [
    ['yes-no', 450],
    ['called-person', 450],
    ['open', 550],
    ['date', 550],
    ['person-name', 650],
    ['digits', 800],
  ];
  it.each(cases)('waits as long as %s needs: %i ms', (expectation, ms) => {
    const line = new Timeline()
      .listen({ expects: [expectation] })
      .voice(640)
      .silence(2_000);
    const ended = line.first('end-turn');
    expect(ended).toMatchObject({ turn: 1, startedAt: 0, endedAt: 640, voicedMs: 640 });
    expect((ended?.when ?? 0) - 640).toBeGreaterThanOrEqual(ms);
    expect((ended?.when ?? 0) - 640).toBeLessThan(ms + 32);
  });

  it('is earlier when the answer is complete, but never below 350 ms', () => {
    const yes = new Timeline()
      .listen({ expects: ['yes-no'] })
      .voice(320)
      .partial('yes')
      .silence(1_000);
    expect((yes.first('end-turn')?.when ?? 0) - 320).toBeLessThan(450);
    const asked = new Timeline()
      .listen({ expects: ['yes-no'], endOfTurnMs: 100 })
      .voice(320)
      .silence(1_000);
    expect((asked.first('end-turn')?.when ?? 0) - 320).toBeGreaterThanOrEqual(350);
  });

  it('is later when the words so far ask for more', () => {
    const line = new Timeline().voice(640).partial('i would like to see doctor').silence(850);
    expect(line.first('end-turn')).toBeUndefined();
    line.silence(100);
    expect(line.first('end-turn')).toBeDefined();
  });

  it('asks for the result early and keeps it when the silence lasts', () => {
    const line = new Timeline().voice(640).silence(1_000);
    expect(line.kinds).toEqual(['begin-recognition', 'announce-speech', 'speculate', 'end-turn']);
    expect((line.first('speculate')?.when ?? 0) - 640).toBeLessThan(turnTiming.speculateAfterMs + 32);
  });

  it('goes on with the same turn when the silence does not last', () => {
    const line = new Timeline().voice(640).silence(352).voice(320).silence(1_000);
    expect(line.kinds).toEqual([
      'begin-recognition',
      'announce-speech',
      'speculate',
      'resume-recognition',
      'speculate',
      'end-turn',
    ]);
    expect(line.first('end-turn')).toMatchObject({ turn: 1, voicedMs: 960 });
  });

  it('comes from the clock when the carrier sends nothing during silence', () => {
    const line = new Timeline().voice(640).nothing(1_000);
    expect(line.first('end-turn')).toMatchObject({ turn: 1, endedAt: 640 });
  });

  it('does not come from late voice activity', () => {
    const line = new Timeline().voice(640);
    line.now += 500;
    line.event({ type: 'tick', at: line.now });
    expect(line.first('end-turn')).toBeUndefined();
  });

  it('cuts a turn that does not end', () => {
    const line = new Timeline().voice(turnTiming.turnMsMax + 320);
    expect(line.kinds.filter((kind) => kind === 'end-turn')).toHaveLength(1);
  });
});

describe('barge-in', () => {
  it('clears at the first gate and takes the interruption at the second', () => {
    const line = new Timeline().agentStarts().silence(640).voice(96);
    expect(line.kinds).toEqual(['hold-playback', 'begin-recognition']);
    expect(line.state.agent).toEqual({ kind: 'held' });
    line.voice(160);
    expect(line.kinds).toEqual([
      'hold-playback',
      'begin-recognition',
      'take-interruption',
      'announce-speech',
    ]);
    line.silence(1_000);
    expect(line.first('end-turn')).toMatchObject({ turn: 1 });
  });

  it('takes it at a recognised word with some voice under it', () => {
    const line = new Timeline().agentStarts().voice(96).partial('no');
    expect(line.first('take-interruption')).toBeUndefined();
    line.voice(64);
    expect(line.first('take-interruption')).toMatchObject({ by: 'voice' });
  });

  it('lets the agent go on after a cough', () => {
    const line = new Timeline().agentStarts().voice(128).silence(400);
    expect(line.kinds).toEqual(['hold-playback', 'begin-recognition', 'drop-recognition', 'resume-playback']);
    expect(line.state.agent).toEqual({ kind: 'speaking', interruptible: true });
    expect(line.state.turns).toBe(0);
  });

  it('never touches what must be heard whole, and hears the caller all the same', () => {
    const line = new Timeline().agentStarts(false).voice(640).silence(1_000);
    expect(line.kinds).toEqual(['begin-recognition', 'announce-speech', 'speculate', 'end-turn']);
  });

  it('makes an ordinary turn of what waited behind the first gate when the agent has fallen silent', () => {
    const line = new Timeline().agentStarts().voice(96).agentStops();
    expect(line.kinds).toEqual(['hold-playback', 'begin-recognition', 'announce-speech']);
    line.silence(1_000);
    expect(line.first('end-turn')).toBeDefined();
  });

  it('takes a key press at once', () => {
    const line = new Timeline().agentStarts().key();
    expect(line.kinds).toEqual(['hold-playback', 'take-interruption']);
    expect(new Timeline().agentStarts(false).key().kinds).toEqual([]);
    expect(new Timeline().key().kinds).toEqual([]);
  });
});

describe('no input', () => {
  it('is reported once per Listen, from the last audible word', () => {
    const line = new Timeline().agentStarts().listen({ noInputMs: 2_000 }).silence(5_000);
    expect(line.kinds).toEqual([]);
    line.agentStops().silence(6_000);
    expect(line.kinds).toEqual(['report-silence']);
    expect((line.first('report-silence')?.when ?? 0) - 5_024).toBeLessThan(2_064);
    line.listen({ noInputMs: 2_000 }).silence(2_100);
    expect(line.kinds).toEqual(['report-silence', 'report-silence']);
  });

  it("is counted from the caller's last voice and from a key press", () => {
    const line = new Timeline().listen({ noInputMs: 2_000 }).silence(1_600).key().silence(1_600);
    expect(line.kinds).toEqual([]);
    line.voice(320).silence(1_800);
    expect(line.first('report-silence')).toBeUndefined();
    line.silence(400);
    expect(line.first('report-silence')).toBeDefined();
  });
});
