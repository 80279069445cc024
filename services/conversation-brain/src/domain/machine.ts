import type { CallOutcome, DialogueEvent, Effect, ToolResult } from './effects.ts';
import { onCallBack } from './flow/call-back.ts';
import { keepHeldDetails, onSlots, onTaken, proceed } from './flow/collect.ts';
import { commit, noteHeard, onBooked, onBookTaken } from './flow/confirm.ts';
import { emergencyUnanswered, hearConfident, hearUnsure, notUnderstood } from './flow/hear.ts';
import { isBack, keepCompany, onHandOff } from './flow/hand-off.ts';
import { onKey } from './flow/keys.ts';
import { end, go, hangUp, leave, toPerson } from './flow/leave.ts';
import { onOptedOut } from './flow/opt-out.ts';
import { ask } from './flow/questions.ts';
import { begin, leaveMessage, noteAskHeard, onDone, onJob, waitForFirstWord } from './flow/script.ts';
import { sensible } from './flow/sensible.ts';
import { type Context, listen, note, release, say, type Step } from './flow/step.ts';
import { prompts } from './prompts.en.ts';
import type { State, Tool } from './state.ts';

export type { Context } from './flow/step.ts';

type Started = Extract<DialogueEvent, { type: 'started' }>;
type Over = Extract<State['phase'], { kind: 'over' }>;

export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const turnsMax = 60;
const callMsMax = 10 * 60_000;
/** Two questions more, then good-bye. */
const silencesMax = 2;

/**
 * The dialogue: a function of values. The same state, event and context always give the same state and effects, so that
 * any instance can continue what another one began.
 *
 * After every event the call is either being listened to, waiting for a tool, or over.
 */
export function transition(state: State, event: DialogueEvent, context: Context): Transition {
  const step: Step = { s: structuredClone(state), effects: [], context, replace: false };
  if (state.phase.kind === 'over') {
    if (event.type === 'started') afterTheEnd(step, state.phase, event);
  } else if (step.s.callerGone && event.type !== 'started') afterHangUp(step, event);
  else react(step, event);
  return { state: step.s, effects: step.effects };
}

/** Another stream of a conversation that was over: it goes on when something is left to go on with. */
function afterTheEnd(step: Step, over: Over, event: Started): void {
  const { s } = step;
  const { putThrough, unheard, left } = over;
  // The stream to the person ended before the one to their answering machine began.
  if (event.machine && s.script) return onStarted(step, event);
  if (event.resumed && putThrough !== undefined) {
    s.stream = event.stream;
    return isBack(step, putThrough);
  }
  if (event.resumed && unheard !== undefined) {
    s.stream = event.stream;
    s.open = [];
    return hangUp(step, unheard);
  }
  if (event.resumed && left !== undefined) {
    s.phase = left;
    return onStarted(step, event);
  }
  step.effects.push({ type: 'end' });
}

function react(step: Step, event: DialogueEvent): void {
  const { s } = step;
  switch (event.type) {
    case 'started':
      return onStarted(step, event);
    case 'turn':
      return onTurn(step, event);
    case 'key':
      s.silences = 0;
      step.replace = true;
      return onKey(step, event.digit);
    case 'silent':
      return onSilent(step);
    case 'utterance-ended':
      return onUtteranceEnded(step, event);
    case 'hung-up':
      return onHungUp(step);
    case 'turn-measured':
      return onMeasured(step, event);
    case 'caller-number':
      return onCallerNumber(step, event.number);
    case 'tool-done':
      return onToolDone(step, event.request, event.result);
    default:
      return event satisfies never;
  }
}

function onStarted(step: Step, event: Started): void {
  const { s } = step;
  const { outbound } = event;
  const first = s.phase.kind === 'new';
  s.stream = event.stream;
  // A stream that is not the first is one to somebody who is there.
  s.callerGone = false;
  if (outbound !== undefined && !s.progress) {
    s.progress = { identified: false, notPatient: false, machine: event.machine === true };
    if (outbound !== 'unavailable') {
      s.script = outbound;
      s.phone = { number: outbound.number, said: false };
    }
  }
  if (event.machine && s.progress && s.phase.kind !== 'gone') return leaveMessage(step);
  if (s.progress && (first || s.phase.kind === 'picked-up')) {
    s.open = [];
    return waitForFirstWord(step);
  }
  if (first) {
    ask(step);
    s.phase = { kind: 'asking', what: 'open' };
    return;
  }
  // The last owner may not have got it through: telephony itself may be what was gone.
  if (s.outcome !== undefined) step.effects.push({ type: 'record-outcome', outcome: s.outcome });
  // What was queued in the lost stream is silent now, and nobody knows how much of it was heard.
  s.open = [];
  if (s.phase.kind === 'leaving') return go(step);
  const waiting =
    'request' in s.phase
      ? s.tools.find(({ request }) => 'request' in s.phase && request === s.phase.request)
      : undefined;
  if (waiting) {
    // The same request with the same key: whatever became of the first, it has its effect once.
    step.effects.push({ type: 'tool', tool: waiting });
    if (s.phase.kind !== 'gone') say(step, prompts.cutOff);
    return listen(step, ['open'], 9_000);
  }
  // The answer has been had, or the slot that was talked of has been let go.
  const isWithoutSlot = (s.phase.kind === 'confirming' || s.phase.kind === 'changing') && !s.held;
  if ('request' in s.phase || isWithoutSlot) return proceed(step, { lead: prompts.cutOff });
  if (s.readBack) s.readBack.yes = false;
  ask(step, { lead: prompts.cutOff });
}

function onTurn(step: Step, event: Extract<DialogueEvent, { type: 'turn' }>): void {
  const { s } = step;
  s.turns++;
  s.silences = 0;
  step.replace = true;
  if (event.text.trim() !== '') {
    note(step, { speaker: 'caller', text: event.text, confidence: event.confidence, interrupted: false });
  }
  if (s.progress?.machine) return listen(step, ['open'], 10_000);
  const heard = sensible(step, { alternatives: [], ...event });
  // Not before an emergency: "I have chest pain" in the sixty-first turn is still one.
  if (heard.status === 'confident') hearConfident(step, heard.text);
  else if (heard.status === 'unsure') hearUnsure(step, heard.text);
  else notUnderstood(step);
  stopWhenTooLong(step);
}

function stopWhenTooLong(step: Step): void {
  const { s, context } = step;
  const tooLong = s.turns > turnsMax || context.nowMs - s.startedAtMs > callMsMax;
  const settled =
    ['leaving', 'gone', 'over', 'booking', 'doing', 'opting-out', 'handing-off'].includes(s.phase.kind) ||
    s.aside?.kind === 'emergency';
  if (!tooLong || settled) return;
  // What this turn would have said is not said any more.
  const kept = step.effects.filter(
    ({ type }) => type === 'line' || type === 'release-hold' || type === 'record-outcome',
  );
  step.effects.splice(0, step.effects.length, ...kept);
  step.replace = true;
  toPerson(step, 'not-understood', prompts.tooLong);
}

function onSilent(step: Step): void {
  const { s } = step;
  if (s.phase.kind === 'leaving') return go(step);
  if (s.phase.kind === 'picked-up') return begin(step);
  if (s.phase.kind === 'handing-off') return keepCompany(step);
  if (['gone', 'finding', 'holding', 'booking', 'calling-back', 'doing', 'opting-out'].includes(s.phase.kind))
    return listen(step, ['open'], 9_000);
  if (s.keys !== '') return onKey(step, '#');
  if (s.aside?.kind === 'emergency') return emergencyUnanswered(step);
  s.silences++;
  s.figures.silences++;
  if (s.silences > silencesMax) {
    return leave(
      step,
      { kind: 'hang-up', outcome: s.outcome ?? 'no-input' },
      s.script ? prompts.goodbyeSilentOutbound : prompts.goodbyeSilent,
    );
  }
  ask(step, { lead: prompts.stillThere, again: s.silences === silencesMax });
  stopWhenTooLong(step);
}

function onUtteranceEnded(step: Step, event: Extract<DialogueEvent, { type: 'utterance-ended' }>): void {
  const { s } = step;
  const ended = s.open.find(({ utteranceId }) => utteranceId === event.utteranceId);
  if (!ended) return;
  s.open = s.open.filter((one) => one !== ended);
  const heard = event.heardText.trim() === '' && event.cause === 'played' ? ended.text : event.heardText;
  if (heard.trim() !== '') {
    note(step, { speaker: 'agent', text: heard, confidence: 1, interrupted: event.cause === 'interrupted' });
  }
  if (event.cause === 'interrupted') s.figures.interruptions++;
  noteHeard(step, ended.text, heard, event.cause === 'played');
  noteAskHeard(step, ended.text, heard, event.cause === 'played');
  if (s.phase.kind === 'leaving' && s.phase.utteranceId === event.utteranceId) {
    // Whoever speaks over the good-bye may want something else: their turn is awaited.
    if (event.cause === 'interrupted') s.phase = { ...s.phase, interrupted: true };
    if (event.cause !== 'interrupted' || s.phase.how.kind !== 'hang-up') return go(step);
    return;
  }
  if (s.phase.kind === 'confirming' && s.readBack?.yes) commit(step);
}

function onHungUp(step: Step): void {
  const { s } = step;
  s.callerGone = true;
  s.open = [];
  // What the caller has confirmed is finished without them; everything else is let go, and known should they be back.
  if (['booking', 'calling-back', 'doing', 'opting-out'].includes(s.phase.kind)) return;
  keepHeldDetails(step);
  endFor(step);
}

/** The conversation is over unless the caller comes back, in which case it goes on where it is now. */
function endFor(step: Step): void {
  const { phase: left, aside } = step.s;
  end(step);
  if (left.kind === 'over' || left.kind === 'new') return;
  step.s.phase = { kind: 'over', left };
  // Whether it is an emergency is asked before anything else.
  if (aside) step.s.aside = aside;
}

/** Nobody listens any more: only the effects of what was confirmed are recorded. */
function afterHangUp(step: Step, event: DialogueEvent): void {
  const { s } = step;
  if (event.type !== 'tool-done' || !('request' in s.phase) || event.request !== s.phase.request) return;
  const done = event.result.kind === 'done';
  if (s.phase.kind === 'booking' && !done) release(step);
  if (done) {
    s.outcome = outcomeOf(s, s.phase) ?? s.outcome ?? 'call-back-requested';
    step.effects.push({ type: 'record-outcome', outcome: s.outcome });
  }
  // Should the caller be back, the tool is asked again, whose key makes it have its effect once, and they are told.
  endFor(step);
}

function onCallerNumber(step: Step, number: string | undefined): void {
  const { s } = step;
  if (number === undefined || s.phone) return;
  s.phone = { number, said: false };
  if (s.phase.kind === 'asking' && s.phase.what === 'phone') proceed(step);
}

function onToolDone(step: Step, request: number, result: ToolResult): void {
  const { s } = step;
  const tool = s.tools.find((one) => one.request === request);
  if (!tool) return;
  s.tools = s.tools.filter((one) => one !== tool);
  const awaited = 'request' in s.phase && s.phase.request === request;
  if (!awaited) return onLateAnswer(step, tool, result);
  switch (tool.kind) {
    case 'find-slots':
      return result.kind === 'slots' ? onSlots(step, result.slots) : onScheduleLost(step);
    case 'hold':
      if (result.kind === 'taken') return onTaken(step, tool.slot);
      if (result.kind !== 'held') return onScheduleLost(step);
      s.held = { holdId: result.holdId, slot: tool.slot };
      return proceed(step);
    case 'book':
    case 'move':
      return onBookAnswer(step, result);
    case 'call-back':
      if (s.phase.kind === 'doing') return onDone(step, result);
      return onCallBack(step, result.kind === 'done');
    case 'transfer':
      return result.kind === 'done' ? end(step) : onNotConnected(step, tool.reason);
    case 'hang-up':
      end(step);
      if (result.kind !== 'done') s.phase = { kind: 'over', unheard: tool.outcome };
      return;
    case 'confirm':
    case 'cancel':
      return onDone(step, result);
    case 'opt-out':
      return onOptedOut(step, result.kind === 'done');
    case 'hand-off':
      return onHandOff(step, result, (one) => onNotConnected(one, tool.reason));
    default:
      return tool satisfies never;
  }
}

/** The dialogue has gone on meanwhile; what the answer has caused outside still counts. */
function onLateAnswer(step: Step, tool: Tool, result: ToolResult): void {
  if (tool.kind === 'hold' && result.kind === 'held' && step.s.held?.holdId !== result.holdId) {
    step.effects.push({ type: 'release-hold', holdId: result.holdId });
  }
  if (result.kind !== 'done') return;
  if (tool.kind === 'hand-off') return onLateHandOff(step);
  const outcome = outcomeOfTool[tool.kind];
  if (outcome === undefined) return;
  step.s.outcome = outcome;
  step.effects.push({ type: 'record-outcome', outcome });
}

const outcomeOfTool: { readonly [K in Tool['kind']]?: CallOutcome } = {
  book: 'booked',
  move: 'moved',
  confirm: 'confirmed',
  cancel: 'cancelled',
  'opt-out': 'opted-out',
};

/** What the tool that is being waited for comes to when it is done. */
function outcomeOf(s: State, phase: State['phase']): CallOutcome | undefined {
  const tool = 'request' in phase ? s.tools.find(({ request }) => request === phase.request) : undefined;
  return tool && outcomeOfTool[tool.kind];
}

/** A person came after all; an emergency goes its own way. */
function onLateHandOff(step: Step): void {
  const { phase } = step.s;
  const emergency =
    step.s.aside?.kind === 'emergency' ||
    ('how' in phase && phase.how.kind === 'transfer' && phase.how.reason === 'emergency');
  if (!emergency && phase.kind !== 'over') end(step);
}

function onMeasured(step: Step, event: Extract<DialogueEvent, { type: 'turn-measured' }>): void {
  const { figures } = step.s;
  const { turn, ms } = event;
  if (figures.responses.length < 100) figures.responses = [...figures.responses, { turn, ms }];
}

function onBookAnswer(step: Step, result: ToolResult): void {
  const { s } = step;
  if (result.kind === 'done') return onBooked(step);
  if (result.kind === 'taken') return onBookTaken(step);
  if (result.kind === 'unclear' && s.progress?.job) return onJob(step, 'failed');
  if (result.kind === 'unclear') {
    // It may have been booked: neither claimed nor denied, and people look after it.
    delete s.held;
    delete s.readBack;
    s.callBack = { reason: 'other', note: 'booking could not be confirmed' };
    return proceed(step, { lead: prompts.unclearBooking });
  }
  onScheduleLost(step);
}

function onScheduleLost(step: Step): void {
  if (step.s.progress?.job) return onJob(step, 'failed');
  release(step);
  step.s.phase = { kind: 'offering-call-back' };
  ask(step, { lead: prompts.noSchedule });
}

function onNotConnected(step: Step, reason: string): void {
  const { s } = step;
  if (reason === 'emergency') {
    return leave(
      step,
      { kind: 'hang-up', outcome: s.outcome ?? 'not-booked' },
      prompts.emergencyNotConnected,
      { interruptible: false },
    );
  }
  s.callBack = { reason: 'other', note: 'asked for a person' };
  s.failures = 0;
  s.phase = { kind: 'asking', what: 'open' };
  proceed(step, { lead: prompts.notConnected });
}
