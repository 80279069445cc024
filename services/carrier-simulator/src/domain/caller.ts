import { bestScore } from './hearing.ts';

/**
 * The caller as a pure state machine: it is told what can be heard on the line and answers with what it does. All
 * instants are milliseconds on the call's clock and never go back.
 */
export interface PlannedStep {
  readonly id: string;
  readonly kind: 'speech' | 'keys' | 'hang-up' | 'stay-silent';
  readonly heard?: readonly string[] | undefined;
  readonly overAgentAfterMs?: number | undefined;
  readonly afterMs?: number | undefined;
  readonly afterSilenceMs?: number | undefined;
  readonly needs: readonly string[];
  readonly again: boolean;
  readonly onlyWhenHeard: boolean;
}

export interface CallerPlan {
  readonly steps: readonly PlannedStep[];
  readonly settleMs: number;
  readonly patienceMs: number;
  readonly deadAirMsMax: number;
  readonly callMsMax: number;
  readonly repeatsWhenAsked: boolean;
}

export interface CallerState {
  /** How often each step has been taken. */
  readonly taken: readonly number[];
  /** The step under way (being spoken, keyed), or undefined. */
  readonly busyWith: number | undefined;
  readonly lastSpeechStep: number | undefined;
  readonly repeats: number;
  readonly muted: boolean;
  readonly gone: boolean;
  readonly startedAtMs: number;
  /** When the last step ended; the call's start before the first one. */
  readonly lastStepEndedAtMs: number;
  readonly lastSoundAtMs: number;
  /** The agent's turn: when it became audible and when it last was; undefined until it speaks. */
  readonly agentTurn:
    { readonly fromMs: number; readonly lastAudibleAtMs: number; readonly asked: boolean } | undefined;
  /** All that was heard since the caller's last step. */
  readonly heard: string;
  /** The agent's turn is over, nothing fitted: since when the caller hesitates. */
  readonly hesitatingSinceMs: number | undefined;
}

export type CallerEvent =
  | { readonly type: 'tick'; readonly atMs: number; readonly agentAudible: boolean }
  /** The ear's answer to `listen-result`. */
  | { readonly type: 'heard'; readonly atMs: number; readonly text: string }
  | { readonly type: 'step-ended'; readonly atMs: number };

export type CallerEffect =
  /** The agent began a turn: the ear starts listening. */
  | { readonly type: 'start-listening' }
  /** The agent's turn seems over: the ear is asked what it was; `heard` answers. */
  | { readonly type: 'stop-listening' }
  /** `heard` is what led to it, empty when nothing did; `fitted` whether it answers one of the step's phrases. */
  | { readonly type: 'perform'; readonly step: number; readonly heard: string; readonly fitted: boolean }
  | { readonly type: 'hang-up'; readonly reason: 'dead-air' | 'call-too-long' };

export interface CallerTransition {
  readonly state: CallerState;
  readonly effects: readonly CallerEffect[];
}

/** How often a caller says the same thing before they stop repeating themselves. */
const repeatsMax = 3;

const repeatPhrases = [
  'say that again',
  'did not catch',
  'did not get that',
  'did not understand',
  'could you repeat',
  'please repeat',
  "didn't catch",
  "didn't understand",
  'did not hear',
];

export function startCaller(plan: CallerPlan, atMs: number): CallerState {
  return {
    taken: plan.steps.map(() => 0),
    busyWith: undefined,
    lastSpeechStep: undefined,
    repeats: 0,
    muted: false,
    gone: false,
    startedAtMs: atMs,
    lastStepEndedAtMs: atMs,
    lastSoundAtMs: atMs,
    agentTurn: undefined,
    heard: '',
    hesitatingSinceMs: undefined,
  };
}

export function callerTransition(plan: CallerPlan, state: CallerState, event: CallerEvent): CallerTransition {
  if (state.gone) return { state, effects: [] };
  switch (event.type) {
    case 'tick':
      return onTick(plan, state, event.atMs, event.agentAudible);
    case 'heard':
      return onHeard(plan, state, event.atMs, event.text);
    case 'step-ended':
      return {
        state: { ...state, busyWith: undefined, lastStepEndedAtMs: event.atMs, lastSoundAtMs: event.atMs },
        effects: [],
      };
    default:
      return event satisfies never;
  }
}

function onTick(
  plan: CallerPlan,
  before: CallerState,
  atMs: number,
  agentAudible: boolean,
): CallerTransition {
  const effects: CallerEffect[] = [];
  let state = before;
  // While the caller speaks, the agent's voice is not a turn to answer, only sound.
  if (agentAudible && state.busyWith === undefined) {
    const turn = state.agentTurn;
    if (!turn || turn.asked) effects.push({ type: 'start-listening' });
    const going = turn && !turn.asked ? turn : { fromMs: atMs, asked: false };
    state = {
      ...state,
      lastSoundAtMs: atMs,
      hesitatingSinceMs: undefined,
      agentTurn: { ...going, lastAudibleAtMs: atMs },
    };
  }
  if (state.busyWith !== undefined) return { state: { ...state, lastSoundAtMs: atMs }, effects };

  const givenUp = giveUp(plan, state, atMs);
  if (givenUp) return { state: { ...state, gone: true }, effects: [...effects, givenUp] };
  if (!state.muted) {
    const unprompted = onTheirOwn(plan, state, atMs, agentAudible);
    if (unprompted !== undefined) return take(plan, state, unprompted, effects);
  }

  const turn = state.agentTurn;
  if (turn && !turn.asked && atMs - turn.lastAudibleAtMs >= plan.settleMs) {
    return {
      state: { ...state, agentTurn: { ...turn, asked: true } },
      effects: [...effects, { type: 'stop-listening' }],
    };
  }
  if (
    !state.muted &&
    state.hesitatingSinceMs !== undefined &&
    atMs - state.hesitatingSinceMs >= plan.patienceMs
  ) {
    const next = nextInOrder(plan, state);
    if (next !== undefined) return take(plan, state, next, effects);
  }
  return { state, effects };
}

/** What is said not in answer to anything: over the agent, some time after the last step, or into a silence. */
function onTheirOwn(
  plan: CallerPlan,
  state: CallerState,
  atMs: number,
  agentAudible: boolean,
): number | undefined {
  const unasked = nextUnused(plan, state);
  const step = unasked === undefined ? undefined : plan.steps[unasked];
  if (unasked !== undefined && step) {
    const turn = state.agentTurn;
    const over = step.overAgentAfterMs;
    if (over !== undefined && agentAudible && turn && atMs - turn.fromMs >= over) return unasked;
    if (step.afterMs !== undefined && atMs - state.lastStepEndedAtMs >= step.afterMs) return unasked;
  }
  const silentMs = atMs - state.lastSoundAtMs;
  const breaking = plan.steps.findIndex(
    (s, i) =>
      s.afterSilenceMs !== undefined &&
      silentMs >= s.afterSilenceMs &&
      state.taken[i]! <= repeatsMax &&
      isOpen(plan, state, i),
  );
  return breaking < 0 ? undefined : breaking;
}

function onHeard(plan: CallerPlan, before: CallerState, atMs: number, text: string): CallerTransition {
  const state = { ...before, heard: `${before.heard} ${text}`.trim() };
  // The agent went on speaking while the ear was still at it: its turn is not over yet.
  if (state.busyWith !== undefined || state.muted || state.agentTurn?.asked !== true)
    return { state, effects: [] };

  const fitting = fittingStep(plan, state);
  if (fitting !== undefined) return take(plan, state, fitting, [], true);
  const last = state.lastSpeechStep;
  if (
    plan.repeatsWhenAsked &&
    last !== undefined &&
    state.repeats < repeatsMax &&
    bestScore(state.heard, repeatPhrases) > 0
  ) {
    const again = take(plan, state, last, []);
    return { ...again, state: { ...again.state, repeats: state.repeats + 1 } };
  }
  const next = nextUnused(plan, state);
  const step = next === undefined ? undefined : plan.steps[next];
  if (next !== undefined && step && isPlain(step)) return take(plan, state, next, []);
  return { state: { ...state, hesitatingSinceMs: atMs }, effects: [] };
}

function take(
  plan: CallerPlan,
  state: CallerState,
  index: number,
  effects: readonly CallerEffect[],
  fitted = false,
): CallerTransition {
  const kind = plan.steps[index]!.kind;
  return {
    state: {
      ...state,
      taken: state.taken.map((n, i) => (i === index ? n + 1 : n)),
      busyWith: kind === 'stay-silent' ? undefined : index,
      lastSpeechStep: kind === 'speech' ? index : state.lastSpeechStep,
      muted: kind === 'stay-silent',
      gone: kind === 'hang-up',
      agentTurn: undefined,
      heard: '',
      hesitatingSinceMs: undefined,
    },
    effects: [...effects, { type: 'perform', step: index, heard: state.heard, fitted }],
  };
}

/** A step that is simply the next thing to say. */
function isPlain(step: PlannedStep): boolean {
  return (
    step.heard === undefined &&
    step.overAgentAfterMs === undefined &&
    step.afterMs === undefined &&
    step.afterSilenceMs === undefined
  );
}

function isOpen(plan: CallerPlan, state: CallerState, index: number): boolean {
  return plan.steps[index]!.needs.every((need) => {
    const at = plan.steps.findIndex((s) => s.id === need);
    return (state.taken[at] ?? 0) > 0;
  });
}

function nextUnused(plan: CallerPlan, state: CallerState): number | undefined {
  const index = plan.steps.findIndex(
    (s, i) =>
      state.taken[i] === 0 && !s.onlyWhenHeard && s.afterSilenceMs === undefined && isOpen(plan, state, i),
  );
  return index < 0 ? undefined : index;
}

/** For want of a better one: the next step that waits for the agent's turn at all. */
function nextInOrder(plan: CallerPlan, state: CallerState): number | undefined {
  const next = nextUnused(plan, state);
  const step = next === undefined ? undefined : plan.steps[next];
  return step && step.overAgentAfterMs === undefined && step.afterMs === undefined ? next : undefined;
}

/** The step that fits best; unused ones before used ones that may be taken again, earlier ones before later ones. */
function fittingStep(plan: CallerPlan, state: CallerState): number | undefined {
  let best: { index: number; score: number } | undefined;
  plan.steps.forEach((step, index) => {
    const used = state.taken[index]!;
    if (!step.heard || (used > 0 && (!step.again || used > repeatsMax)) || !isOpen(plan, state, index))
      return;
    const raw = bestScore(state.heard, step.heard);
    const score = used > 0 ? raw - 0.001 : raw;
    if (raw > 0 && (!best || score > best.score)) best = { index, score };
  });
  return best?.index;
}

function giveUp(plan: CallerPlan, state: CallerState, atMs: number): CallerEffect | undefined {
  if (atMs - state.startedAtMs >= plan.callMsMax) return { type: 'hang-up', reason: 'call-too-long' };
  if (atMs - state.lastSoundAtMs >= plan.deadAirMsMax) return { type: 'hang-up', reason: 'dead-air' };
  return undefined;
}
