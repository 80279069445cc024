import type { RecognitionStatus, UtteranceEnd } from '@wardline/dialogue-words';
import fc from 'fast-check';
import type { ClinicFacts } from '../domain/clinic.ts';
import type { DialogueEvent, Effect, ToolResult } from '../domain/effects.ts';
import { transition } from '../domain/machine.ts';
import type { Flow } from '../domain/script/flow.ts';
import { newState, type Slot, type State, type Tool } from '../domain/state.ts';

/** When the calls of property tests begin; each move takes three seconds. */
export const startMs = Date.parse('2026-11-21T17:00:00Z');
const moveMs = 3_000;

/** A move of the world: what the caller does, or which answer an outstanding tool gets, or which utterance ends how. */
export type Move =
  | { readonly kind: 'event'; readonly event: DialogueEvent }
  | { readonly kind: 'answer'; readonly index: number; readonly good: boolean; readonly result: ToolResult }
  | { readonly kind: 'heard'; readonly cause: UtteranceEnd; readonly part: number };

export const sureTurn = (text: string): DialogueEvent => ({
  ...{ type: 'turn', text },
  ...{ status: 'confident', confidence: 0.9 },
});

/** One of the phrases; a status is as frequent as it stands in `statuses`, and where there are no words none is sure. */
const turn = (phrases: readonly string[], statuses: readonly RecognitionStatus[]): fc.Arbitrary<Move> =>
  fc
    .record({ text: fc.constantFrom(...phrases), status: fc.constantFrom(...statuses) })
    .map(({ text, status: heard }) => {
      const status = text === '' ? 'not-understood' : heard;
      return { kind: 'event', event: { type: 'turn', text, status, confidence: 0.5 } };
    });

/** An answer to one of the first `toolsMax` tools at work, good ones so many times out of ten. */
const answer = (o: {
  results: readonly ToolResult[];
  toolsMax: number;
  goodOfTen: number;
}): fc.Arbitrary<Move> =>
  fc
    .record({
      index: fc.nat(o.toolsMax - 1),
      good: fc.integer({ min: 1, max: 10 }).map((n) => n <= o.goodOfTen),
      result: fc.constantFrom(...o.results),
    })
    .map((one) => ({ kind: 'answer', ...one }));

/** An utterance ends: played whole, or cut off somewhere once in so many. */
const hearing = ({ cutOnceIn }: { cutOnceIn: number }): fc.Arbitrary<Move> =>
  fc
    .record({
      cause: fc
        .integer({ min: 1, max: cutOnceIn })
        .map((n): UtteranceEnd => (n === cutOnceIn ? 'interrupted' : 'played')),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map((one) => ({ kind: 'heard', ...one }));

const key = (keys: string): fc.Arbitrary<Move> =>
  fc.constantFrom(...keys).map((digit) => ({ kind: 'event', event: { type: 'key', digit } }));

const silence = fc.constant<Move>({ kind: 'event', event: { type: 'silent' } });

/** Moves by what they are. */
export const some = { turn, answer, hearing, key, silence };

/** What tools may answer, apart from what only calls of ours ask for. */
export const toolResults = (slots: readonly Slot[]): readonly ToolResult[] => [
  { kind: 'slots', slots: [...slots] },
  { kind: 'slots', slots: [] },
  { kind: 'held', holdId: 'h' },
  { kind: 'done' },
  { kind: 'taken' },
  { kind: 'failed' },
  { kind: 'unclear' },
];

/** What a healthy world answers. */
export function goodResult(tool: Tool, slots: readonly Slot[]): ToolResult {
  if (tool.kind === 'find-slots') return { kind: 'slots', slots: [...slots] };
  if (tool.kind === 'hold') return { kind: 'held', holdId: `hold-${tool.request}` };
  return { kind: 'done' };
}

/** What a move means in this state; undefined where there is nothing to answer or to hear. */
export function eventOf(move: Move, state: State, slots: readonly Slot[]): DialogueEvent | undefined {
  if (move.kind === 'event') return move.event;
  if (move.kind === 'answer') {
    const tool = state.tools[move.index % Math.max(1, state.tools.length)];
    const result = tool && move.good ? goodResult(tool, slots) : move.result;
    return tool && { type: 'tool-done', request: tool.request, result };
  }
  const utterance = state.open[0];
  if (!utterance) return undefined;
  const { utteranceId, text } = utterance;
  const heardText = move.cause === 'played' ? text : text.slice(0, Math.floor(text.length * move.part));
  return { type: 'utterance-ended', utteranceId, cause: move.cause, heardText };
}

/** The next sensible thing while somebody works or speaks: the tool succeeds, the utterance is heard whole. */
export function goOnWaiting(state: State, slots: readonly Slot[]): DialogueEvent | undefined {
  return state.tools[0]
    ? eventOf({ kind: 'answer', index: 0, good: true, result: { kind: 'done' } }, state, slots)
    : eventOf({ kind: 'heard', cause: 'played', part: 1 }, state, slots);
}

export interface Seen {
  readonly before: State;
  readonly event: DialogueEvent;
  readonly after: State;
  readonly effects: readonly Effect[];
}

/** Plays a call move by move, and hands each transition to `see`; the state in which it ends. */
export function playCall<M>(
  o: {
    readonly clinic: ClinicFacts;
    readonly flow?: Flow;
    readonly first: DialogueEvent;
    readonly moves: readonly M[];
    readonly eventOf: (move: M, state: State) => DialogueEvent | undefined;
  },
  see: (seen: Seen) => void,
): State {
  const { clinic, flow } = o;
  let state = newState({ callId: 'call-1', clinicId: clinic.clinicId, startedAtMs: startMs });
  const step = (event: DialogueEvent | undefined, nowMs: number): void => {
    if (!event) return;
    const next = transition(state, event, { nowMs, clinic, ...(flow && { flow }) });
    see({ before: state, event, after: next.state, effects: next.effects });
    state = next.state;
  };
  step(o.first, startMs);
  o.moves.forEach((move, i) => step(o.eventOf(move, state), startMs + (i + 1) * moveMs));
  return state;
}

/** A call is never left without listening after what it says, a tool at work, or an end. */
export function expectGoesOn({ before, event, after, effects }: Seen): void {
  const over = after.phase.kind === 'over';
  const listens = effects.findLastIndex(({ type }) => type === 'listen');
  const says = effects.findLastIndex(({ type }) => type === 'say');
  if (!over && says >= 0) expect(listens).toBeGreaterThan(says);
  if (['turn', 'key', 'silent', 'started'].includes(event.type) && before.phase.kind !== 'over')
    expect(listens >= 0 || over).toBe(true);
  if ('request' in after.phase) {
    const { request } = after.phase;
    expect(after.tools.some((tool) => tool.request === request)).toBe(true);
  }
  if (over && before.phase.kind !== 'over') expect(effects.at(-1)?.type).toBe('end');
}
