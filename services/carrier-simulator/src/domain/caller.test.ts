import {
  callerTransition,
  startCaller,
  type CallerEffect,
  type CallerPlan,
  type CallerState,
  type PlannedStep,
} from './caller.ts';

const step = (id: string, rest: Partial<PlannedStep> = {}): PlannedStep => ({
  id,
  kind: 'speech',
  needs: [],
  again: false,
  onlyWhenHeard: false,
  ...rest,
});
const plan = (...steps: PlannedStep[]): CallerPlan => ({
  steps,
  settleMs: 700,
  patienceMs: 2500,
  deadAirMsMax: 20_000,
  callMsMax: 180_000,
  repeatsWhenAsked: true,
});

/** Plays a call: the agent's turns as they would be heard; each step of the caller takes a second. */
function converse(p: CallerPlan, turns: readonly string[], thinkMs = 500): string[] {
  let state: CallerState = startCaller(p, 0);
  const log: string[] = [];
  let atMs = 0;
  let effects: readonly CallerEffect[] = [];
  const apply = (event: Parameters<typeof callerTransition>[2]) =>
    ({ state, effects } = callerTransition(p, state, event));
  const react = (text: string): boolean => {
    for (const effect of [...effects]) {
      if (effect.type === 'stop-listening') {
        apply({ type: 'heard', atMs, text });
        return react(text);
      }
      if (effect.type === 'perform' || effect.type === 'hang-up') {
        log.push(effect.type === 'perform' ? p.steps[effect.step]!.id : `gives up: ${effect.reason}`);
        return true;
      }
    }
    return false;
  };
  for (const text of turns) {
    atMs += thinkMs;
    for (let ms = 0; ms < 1000; ms += 20) apply({ type: 'tick', atMs: (atMs += 20), agentAudible: true });
    for (let ms = 0; ms < 5000; ms += 20) {
      apply({ type: 'tick', atMs: (atMs += 20), agentAudible: false });
      if (react(text)) break;
    }
    if (state.busyWith !== undefined) apply({ type: 'step-ended', atMs: (atMs += 1000) });
  }
  return log;
}

describe('a caller', () => {
  const booking = plan(
    step('open'),
    step('day', { heard: ['which day'], again: true }),
    step('time', { heard: ['what time'], again: true }),
    step('name', { heard: ['your name'], again: true }),
    step('no', { heard: ['is that right'], again: true }),
    step('new-time', { heard: ['what should i change'], again: true }),
    step('yes', { heard: ['is that right'], needs: ['new-time'] }),
  );

  it('answers what is asked, in whatever order', () => {
    expect(converse(booking, ['how can i help', 'may i have your name', 'which day', 'what time'])).toEqual([
      'open',
      'name',
      'day',
      'time',
    ]);
  });
  it('answers again when asked again', () => {
    expect(converse(booking, ['hello', 'which day', 'sorry which day'])).toEqual(['open', 'day', 'day']);
  });
  it('repeats the last line when not understood', () => {
    expect(converse(booking, ['hello', 'which day', 'sorry could you say that again'])).toEqual([
      'open',
      'day',
      'day',
    ]);
  });
  it('keeps to no until the change has been said', () => {
    expect(
      converse(booking, ['hello', 'is that right', 'is that right', 'what should i change', 'is that right']),
    ).toEqual(['open', 'no', 'no', 'new-time', 'yes']);
  });
  it('hesitates and goes on with the next thing when it understood nothing', () => {
    expect(converse(booking, ['hello', 'mumble', 'mumble'])).toEqual(['open', 'day', 'time']);
  });
  it('waits for what must be heard', () => {
    expect(
      converse(plan(step('open'), step('bye', { heard: ['goodbye'], onlyWhenHeard: true })), [
        'hello',
        'mumble',
        'goodbye',
      ]),
    ).toEqual(['open', 'bye']);
  });
  it('speaks over the agent', () => {
    const p = plan(step('but', { overAgentAfterMs: 400 }));
    let state = startCaller(p, 0);
    let performedAt = 0;
    for (let atMs = 20; performedAt === 0; atMs += 20) {
      const t = callerTransition(p, state, { type: 'tick', atMs, agentAudible: true });
      state = t.state;
      if (t.effects.some((e) => e.type === 'perform')) performedAt = atMs;
    }
    expect(performedAt).toBe(420);
  });
  it('does not answer what the agent said while it spoke over it', () => {
    const p = plan(step('but', { overAgentAfterMs: 100 }), step('next'));
    let state = startCaller(p, 0);
    const effects: CallerEffect[] = [];
    const go = (event: Parameters<typeof callerTransition>[2]) => {
      const t = callerTransition(p, state, event);
      state = t.state;
      effects.push(...t.effects);
    };
    for (let atMs = 20; atMs <= 600; atMs += 20) go({ type: 'tick', atMs, agentAudible: true });
    go({ type: 'step-ended', atMs: 1600 });
    for (let atMs = 1620; atMs <= 6000; atMs += 20) go({ type: 'tick', atMs, agentAudible: false });
    expect(effects.filter((e) => e.type === 'perform')).toHaveLength(1);
    expect(effects.filter((e) => e.type === 'stop-listening')).toEqual([]);
  });
  it('gives up when nobody says anything, but not while it is silent on purpose for less', () => {
    const p = plan(step('quiet', { kind: 'stay-silent' }));
    let state = startCaller(p, 0);
    const gaveUp: [number, CallerEffect][] = [];
    for (let atMs = 20; atMs < 30_000; atMs += 20) {
      const t = callerTransition(p, state, { type: 'tick', atMs, agentAudible: atMs < 1000 });
      state = t.state;
      for (const e of t.effects) if (e.type === 'hang-up') gaveUp.push([atMs, e]);
    }
    expect(gaveUp).toEqual([[20_980, { type: 'hang-up', reason: 'dead-air' }]]);
  });

  it('breaks a long silence, and only then, as often as it takes', () => {
    const p = plan(
      step('hello', { afterMs: 100 }),
      step('again', { afterSilenceMs: 3_000, needs: ['hello'] }),
      step('answer', { heard: ['who are you'], onlyWhenHeard: true }),
    );
    let state = startCaller(p, 0);
    const taken: [string, number][] = [];
    for (let atMs = 20; atMs < 8_000; atMs += 20) {
      const t = callerTransition(p, state, { type: 'tick', atMs, agentAudible: false });
      state = t.state;
      for (const e of t.effects) {
        if (e.type !== 'perform') continue;
        taken.push([p.steps[e.step]!.id, atMs]);
        ({ state } = callerTransition(p, state, { type: 'step-ended', atMs }));
      }
    }
    expect(taken).toEqual([
      ['hello', 100],
      ['again', 3_100],
      ['again', 6_100],
    ]);
  });

  it('still listens when they have fallen silent for good', () => {
    const p = plan(step('quiet', { kind: 'stay-silent', afterMs: 0 }));
    let state = startCaller(p, 0);
    const effects: string[] = [];
    for (let atMs = 20; atMs < 3_000; atMs += 20) {
      const t = callerTransition(p, state, { type: 'tick', atMs, agentAudible: atMs > 500 && atMs < 1_000 });
      state = t.state;
      effects.push(...t.effects.map((e) => e.type));
    }
    expect(effects).toEqual(['perform', 'start-listening', 'stop-listening']);
  });

  it('says with a step what was heard, and whether it fitted', () => {
    const p = plan(step('yes', { heard: ['can you come'] }));
    let state = startCaller(p, 0);
    let performed: CallerEffect | undefined;
    const apply = (event: Parameters<typeof callerTransition>[2]) => {
      const t = callerTransition(p, state, event);
      state = t.state;
      performed = t.effects.find((e) => e.type === 'perform') ?? performed;
    };
    apply({ type: 'tick', atMs: 20, agentAudible: true });
    for (let atMs = 40; atMs < 900; atMs += 20) apply({ type: 'tick', atMs, agentAudible: false });
    apply({ type: 'heard', atMs: 900, text: 'can you come on tuesday' });
    expect(performed).toEqual({ type: 'perform', step: 0, heard: 'can you come on tuesday', fitted: true });
  });
});
