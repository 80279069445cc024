import { requiredSilenceMs } from './end-of-turn.ts';
import { defaultListenSettings, type ListenSettings } from './listen-settings.ts';

/**
 * Who has the floor. A pure machine: every instant comes in with its event (monotonic ms), no timer, no I/O. Two
 * independent questions are two states: what the caller does, and what the agent's voice does.
 */
export type CallerState =
  | { readonly kind: 'quiet' }
  /** Some voice, not enough to call it speech yet. */
  | {
      readonly kind: 'stirring';
      readonly since: number;
      readonly lastVoiceAt: number;
      readonly voicedMs: number;
    }
  | {
      readonly kind: 'speaking';
      readonly turn: number;
      readonly startedAt: number;
      readonly lastVoiceAt: number;
      readonly voicedMs: number;
      readonly partial: string;
      /** The recogniser was asked for its result early, in the hope that the silence lasts. */
      readonly speculating: boolean;
    };

export type AgentState =
  | { readonly kind: 'silent' }
  | { readonly kind: 'speaking'; readonly interruptible: boolean }
  /** Gate 1 passed: cleared at the carrier, remainder kept until it is known whether this is an interruption. */
  | { readonly kind: 'held' };

export interface TurnState {
  readonly caller: CallerState;
  readonly agent: AgentState;
  readonly listen: ListenSettings;
  /** Voice activity is known up to here. */
  readonly heardUntil: number;
  /** The no-input clock runs from here: the last thing that anybody did. */
  readonly quietSince: number;
  /** One CallerSilent per Listen. */
  readonly noInputArmed: boolean;
  readonly turns: number;
}

export type TurnEvent =
  /** One window of voice activity; `at` is when its last sample arrived. */
  | { readonly type: 'voice'; readonly at: number; readonly probability: number; readonly windowMs: number }
  | { readonly type: 'partial'; readonly at: number; readonly text: string }
  | { readonly type: 'agent-started'; readonly at: number; readonly interruptible: boolean }
  | { readonly type: 'agent-stopped'; readonly at: number }
  | { readonly type: 'listen'; readonly at: number; readonly settings: ListenSettings }
  | { readonly type: 'key'; readonly at: number }
  | { readonly type: 'tick'; readonly at: number };

export type TurnEffect =
  /** Begin a recognition with the audio since `from`. */
  | { readonly type: 'begin-recognition'; readonly turn: number; readonly from: number }
  | { readonly type: 'announce-speech'; readonly turn: number; readonly at: number }
  | { readonly type: 'speculate'; readonly turn: number }
  /** The silence did not last: go on recognising the same turn. */
  | { readonly type: 'resume-recognition'; readonly turn: number }
  | { readonly type: 'drop-recognition'; readonly turn: number }
  | {
      readonly type: 'end-turn';
      readonly turn: number;
      readonly startedAt: number;
      readonly endedAt: number;
      readonly voicedMs: number;
    }
  | { readonly type: 'hold-playback' }
  | { readonly type: 'resume-playback' }
  | { readonly type: 'take-interruption'; readonly by: 'voice' | 'key' }
  | { readonly type: 'report-silence'; readonly silenceMs: number };

export const turnTiming = {
  voiceStart: 0.5,
  /** Hysteresis: once speech has begun, weaker voice keeps it going. */
  voiceStay: 0.35,
  startVoicedMs: 96,
  /** Windows without voice that make a stir a false one. */
  stirGapMs: 96,
  preRollMs: 300,
  /** Gate 2 by voice alone. */
  interruptVoicedMs: 256,
  /** Gate 2 by a word. A small-vocabulary recogniser makes words of coughs, so a word needs some voice under it. */
  interruptWordVoicedMs: 160,
  /** Silence after gate 1 that shows a cough or a click: the agent goes on. */
  falseAlarmMs: 300,
  speculateAfterMs: 250,
  turnMsMax: 30_000,
  /** Voice activity this late is missing, not late: the clock alone then tells the silence. */
  voiceLateMs: 200,
} as const;

export function initialTurnState(at: number, turnsBefore = 0): TurnState {
  return {
    caller: { kind: 'quiet' },
    agent: { kind: 'silent' },
    listen: defaultListenSettings,
    heardUntil: at,
    quietSince: at,
    noInputArmed: false,
    turns: turnsBefore,
  };
}

export interface TurnStep {
  readonly state: TurnState;
  readonly effects: readonly TurnEffect[];
}

/** An interruptible utterance does not begin while this holds. */
export function callerHasFloor(state: TurnState): boolean {
  return state.caller.kind === 'speaking';
}

export function advanceTurn(state: TurnState, event: TurnEvent): TurnStep {
  switch (event.type) {
    case 'voice':
      return onVoice(state, event.at, event.probability, event.windowMs);
    case 'partial':
      return onPartial(state, event.text);
    case 'agent-started':
      return onAgent(state, { kind: 'speaking', interruptible: event.interruptible }, event.at);
    case 'agent-stopped':
      return onAgent(state, { kind: 'silent' }, event.at);
    case 'listen':
      return unchanged({
        ...state,
        listen: event.settings,
        noInputArmed: event.settings.noInputMs !== undefined,
        quietSince: Math.max(state.quietSince, event.at),
      });
    case 'key':
      return onKey({ ...state, quietSince: Math.max(state.quietSince, event.at) });
    case 'tick':
      return onSilence(state, event.at);
    default:
      throw new Error(`unreachable ${String(event satisfies never)}`);
  }
}

function unchanged(state: TurnState): TurnStep {
  return { state, effects: [] };
}

function onVoice(before: TurnState, at: number, probability: number, windowMs: number): TurnStep {
  const state = { ...before, heardUntil: Math.max(before.heardUntil, at) };
  const caller = state.caller;
  const threshold = caller.kind === 'speaking' ? turnTiming.voiceStay : turnTiming.voiceStart;
  if (probability < threshold) return onSilence(state, at);
  switch (caller.kind) {
    case 'quiet':
      return unchanged({
        ...state,
        caller: { kind: 'stirring', since: at - windowMs, lastVoiceAt: at, voicedMs: windowMs },
      });
    case 'stirring': {
      const voicedMs = caller.voicedMs + windowMs;
      if (voicedMs < turnTiming.startVoicedMs) {
        return unchanged({ ...state, caller: { ...caller, lastVoiceAt: at, voicedMs } });
      }
      return beginTurn(state, { since: caller.since, at, voicedMs });
    }
    case 'speaking':
      return continueTurn(state, caller, at, windowMs);
    default:
      throw new Error(`unreachable ${String(caller satisfies never)}`);
  }
}

function beginTurn(state: TurnState, o: { since: number; at: number; voicedMs: number }): TurnStep {
  const turn = state.turns + 1;
  const holds = state.agent.kind === 'speaking' && state.agent.interruptible;
  const effects: TurnEffect[] = [];
  // Silence at the carrier comes before everything else that is to be done.
  if (holds) effects.push({ type: 'hold-playback' });
  effects.push({ type: 'begin-recognition', turn, from: o.since - turnTiming.preRollMs });
  // A possible interruption is announced when it is taken: until then it may be a cough.
  if (!holds) effects.push({ type: 'announce-speech', turn, at: o.since });
  return {
    state: {
      ...state,
      turns: turn,
      agent: holds ? { kind: 'held' } : state.agent,
      caller: {
        kind: 'speaking',
        turn,
        startedAt: o.since,
        lastVoiceAt: o.at,
        voicedMs: o.voicedMs,
        partial: '',
        speculating: false,
      },
    },
    effects,
  };
}

function continueTurn(
  state: TurnState,
  caller: Extract<CallerState, { kind: 'speaking' }>,
  at: number,
  windowMs: number,
): TurnStep {
  const effects: TurnEffect[] = [];
  if (caller.speculating) effects.push({ type: 'resume-recognition', turn: caller.turn });
  const next = { ...caller, lastVoiceAt: at, voicedMs: caller.voicedMs + windowMs, speculating: false };
  const taken = takeIfCertain({ ...state, caller: next }, next);
  effects.push(...taken.effects);
  if (at - next.startedAt < turnTiming.turnMsMax) return { state: taken.state, effects };
  const ended = endTurn(taken.state, next);
  return { state: ended.state, effects: [...effects, ...ended.effects] };
}

/** What was held is gone (the dialogue replaced it): then the turn behind gate 1 is an ordinary one. */
function onAgent(state: TurnState, agent: AgentState, at: number): TurnStep {
  const { caller } = state;
  const next = { ...state, agent, quietSince: Math.max(state.quietSince, at) };
  if (state.agent.kind !== 'held' || caller.kind !== 'speaking') return unchanged(next);
  return { state: next, effects: [{ type: 'announce-speech', turn: caller.turn, at: caller.startedAt }] };
}

/** Gate 2. */
function takeIfCertain(state: TurnState, caller: Extract<CallerState, { kind: 'speaking' }>): TurnStep {
  if (state.agent.kind !== 'held') return unchanged(state);
  const byVoice = caller.voicedMs >= turnTiming.interruptVoicedMs;
  const byWord = caller.partial !== '' && caller.voicedMs >= turnTiming.interruptWordVoicedMs;
  if (!byVoice && !byWord) return unchanged(state);
  return {
    state: { ...state, agent: { kind: 'silent' } },
    effects: [
      { type: 'take-interruption', by: 'voice' },
      { type: 'announce-speech', turn: caller.turn, at: caller.startedAt },
    ],
  };
}

function onPartial(state: TurnState, text: string): TurnStep {
  if (state.caller.kind !== 'speaking') return unchanged(state);
  const caller = { ...state.caller, partial: text.trim() };
  return takeIfCertain({ ...state, caller }, caller);
}

/** A key press is certain at once: there is no cough on a keypad. */
function onKey(state: TurnState): TurnStep {
  const { agent, caller } = state;
  const interrupts = agent.kind === 'held' || (agent.kind === 'speaking' && agent.interruptible);
  if (!interrupts) return unchanged(state);
  const effects: TurnEffect[] = [];
  if (agent.kind === 'speaking') effects.push({ type: 'hold-playback' });
  effects.push({ type: 'take-interruption', by: 'key' });
  // A turn that was waiting behind gate 1 is an ordinary turn from now on.
  if (agent.kind === 'held' && caller.kind === 'speaking') {
    effects.push({ type: 'announce-speech', turn: caller.turn, at: caller.startedAt });
  }
  return { state: { ...state, agent: { kind: 'silent' } }, effects };
}

/** Whatever silence up to `at` means; also the answer to a tick, since a carrier may stop sending during silence. */
function onSilence(state: TurnState, at: number): TurnStep {
  const { caller } = state;
  const knownUntil = Math.max(state.heardUntil, at - turnTiming.voiceLateMs);
  switch (caller.kind) {
    case 'stirring':
      if (knownUntil - caller.lastVoiceAt < turnTiming.stirGapMs) return unchanged(state);
      return reportSilence({ ...state, caller: { kind: 'quiet' } }, at);
    case 'speaking': {
      const silenceMs = knownUntil - caller.lastVoiceAt;
      if (state.agent.kind === 'held') {
        return silenceMs < turnTiming.falseAlarmMs ? unchanged(state) : falseAlarm(state, caller.turn);
      }
      if (silenceMs >= requiredSilenceMs(state.listen, caller.partial)) return endTurn(state, caller);
      if (caller.speculating || silenceMs < turnTiming.speculateAfterMs) return unchanged(state);
      return {
        state: { ...state, caller: { ...caller, speculating: true } },
        effects: [{ type: 'speculate', turn: caller.turn }],
      };
    }
    case 'quiet':
      return reportSilence(state, at);
    default:
      throw new Error(`unreachable ${String(caller satisfies never)}`);
  }
}

function falseAlarm(state: TurnState, turn: number): TurnStep {
  return {
    // The number of a turn that was none is used again.
    state: {
      ...state,
      turns: turn - 1,
      caller: { kind: 'quiet' },
      agent: { kind: 'speaking', interruptible: true },
    },
    effects: [{ type: 'drop-recognition', turn }, { type: 'resume-playback' }],
  };
}

function endTurn(state: TurnState, caller: Extract<CallerState, { kind: 'speaking' }>): TurnStep {
  return {
    state: {
      ...state,
      caller: { kind: 'quiet' },
      quietSince: Math.max(state.quietSince, caller.lastVoiceAt),
    },
    effects: [
      {
        type: 'end-turn',
        turn: caller.turn,
        startedAt: caller.startedAt,
        endedAt: caller.lastVoiceAt,
        voicedMs: caller.voicedMs,
      },
    ],
  };
}

function reportSilence(state: TurnState, at: number): TurnStep {
  const { noInputMs } = state.listen;
  if (!state.noInputArmed || noInputMs === undefined || state.agent.kind !== 'silent')
    return unchanged(state);
  const silenceMs = at - state.quietSince;
  if (silenceMs < noInputMs) return unchanged(state);
  return {
    state: { ...state, noInputArmed: false },
    effects: [{ type: 'report-silence', silenceMs }],
  };
}
