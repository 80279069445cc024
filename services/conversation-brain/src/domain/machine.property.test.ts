import fc from 'fast-check';
import { aClinic, brown, slotAt } from '../testing/clinic.ts';
import type { DialogueEvent, Effect, ToolResult } from './effects.ts';
import { transition } from './machine.ts';
import { newState, parseState, type Slot, type State, type Tool } from './state.ts';
import { readYesNo } from './understanding/yes-no.ts';
import { tokensOf } from './understanding/words.ts';

const clinic = aClinic();
const slots: Slot[] = [
  ...['24T09:00', '24T10:30', '24T14:00', '25T10:30', '27T11:00'].map((at) => slotAt(`2026-11-${at}`)),
  slotAt('2026-11-24T10:00', { doctor: brown }),
];
const startMs = Date.parse('2026-11-21T17:00:00Z');

const phrases = [
  'yes',
  'yeah that works',
  'no',
  "no that's wrong",
  'yes but wednesday',
  'doctor sharma',
  'doctor brown',
  'cardiology',
  'doctor gonzales',
  'tuesday',
  'wednesday',
  'next week',
  'ten thirty',
  'two p m',
  'in the morning',
  'the first one',
  'the second one',
  'none of those',
  'my name is alex morrison',
  'alex morrison',
  'maria garcia',
  'doctor sharma on tuesday at ten thirty my name is alex morrison',
  'book an appointment',
  'cancel my appointment',
  'repeat',
  'slower',
  'goodbye',
  "that's all",
  'the name',
  'the day',
  'the time',
  'the doctor',
  'as soon as possible',
  'hold on',
  'never mind',
  'february thirtieth',
  'earlier',
  'two oh two five five five oh one four three',
  'hello',
  'operator',
  'chest pain',
  'i had a stroke last year',
  'refill',
  '',
];

const results: ToolResult[] = [
  { kind: 'slots', slots },
  { kind: 'slots', slots: [] },
  { kind: 'held', holdId: 'h' },
  { kind: 'done' },
  { kind: 'taken' },
  { kind: 'failed' },
  { kind: 'unclear' },
];

/** A move of the world: what the caller does, or which answer an outstanding tool gets, or which utterance ends how. */
type Move =
  | { kind: 'event'; event: DialogueEvent }
  | { kind: 'answer'; index: number; good: boolean; result: ToolResult }
  /** A sensible next step, so that calls also get somewhere. */
  | { kind: 'go-on' }
  | { kind: 'heard'; cause: 'played' | 'interrupted'; part: number };

const usually = { weight: 8 };
const status = fc.constantFrom(
  'confident' as const,
  'confident' as const,
  'confident' as const,
  'unsure' as const,
  'not-understood' as const,
);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    ...usually,
    arbitrary: fc.record({ text: fc.constantFrom(...phrases), status }).map(({ text, status }): Move => ({
      kind: 'event',
      event: { type: 'turn', text, status, confidence: 0.5 },
    })),
  },
  {
    ...usually,
    arbitrary: fc
      .record({
        index: fc.nat(3),
        good: fc.integer({ min: 0, max: 9 }).map((n) => n > 1),
        result: fc.constantFrom(...results),
      })
      .map((one): Move => ({ kind: 'answer', ...one })),
  },
  {
    ...usually,
    arbitrary: fc
      .record({
        cause: fc.constantFrom('played' as const, 'played' as const, 'interrupted' as const),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map((one): Move => ({ kind: 'heard', ...one })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...'0123456789*#')
      .map((digit): Move => ({ kind: 'event', event: { type: 'key', digit } })),
  },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: 'event', event: { type: 'silent' } }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 2, max: 9 })
      .map((stream): Move => ({ kind: 'event', event: { type: 'started', stream, resumed: true } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('+12025550143', undefined)
      .map((number): Move => ({ kind: 'event', event: { type: 'caller-number', number } })),
  },
);
const moves = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant<Move>({ kind: 'go-on' }) }, { weight: 2, arbitrary: move }),
  {
    maxLength: 60,
    size: 'max',
  },
);

function goOn(state: State): DialogueEvent {
  const tool = state.tools[0];
  if (tool) return { type: 'tool-done', request: tool.request, result: good(tool) };
  const utterance = state.open[0];
  if (utterance) {
    const { utteranceId, text } = utterance;
    return { type: 'utterance-ended', utteranceId, cause: 'played', heardText: text };
  }
  const say = (text: string): DialogueEvent => ({ type: 'turn', text, status: 'confident', confidence: 0.9 });
  if (state.phase.kind === 'choosing') return say('the first one');
  if (state.phase.kind === 'confirming') return say('yes');
  if (state.phase.kind !== 'asking') return say('no');
  return say(
    {
      open: 'book with doctor sharma on tuesday',
      who: 'doctor brown',
      day: 'tuesday',
      time: 'ten thirty',
      name: 'alex morrison',
      phone: 'two oh two five five five oh one four three',
    }[state.phase.what],
  );
}

/** What a healthy world answers. */
function good(tool: Tool): ToolResult {
  if (tool.kind === 'find-slots') return { kind: 'slots', slots };
  if (tool.kind === 'hold') return { kind: 'held', holdId: `hold-${tool.request}` };
  return { kind: 'done' };
}

function eventOf(move: Move, state: State): DialogueEvent | undefined {
  if (move.kind === 'event') return move.event;
  if (move.kind === 'go-on') return goOn(state);
  if (move.kind === 'answer') {
    const tool = state.tools[move.index % Math.max(1, state.tools.length)];
    return tool && { type: 'tool-done', request: tool.request, result: move.good ? good(tool) : move.result };
  }
  const utterance = state.open[0];
  if (!utterance) return undefined;
  const { utteranceId, text } = utterance;
  const heardText = move.cause === 'played' ? text : text.slice(0, Math.floor(text.length * move.part));
  return { type: 'utterance-ended', utteranceId, cause: move.cause, heardText };
}

/** Plays the moves and hands each transition to `see`. */
function play(
  all: readonly Move[],
  see: (before: State, event: DialogueEvent, after: State, effects: readonly Effect[]) => void,
): State {
  let state = newState({ callId: 'call-1', clinicId: clinic.clinicId, startedAtMs: startMs });
  const first: DialogueEvent = { type: 'started', stream: 1, resumed: false };
  for (const [i, event] of [first, ...all].entries()) {
    const next = i === 0 ? first : eventOf(event as Move, state);
    if (!next) continue;
    const { state: after, effects } = transition(state, next, { nowMs: startMs + i * 3_000, clinic });
    see(state, next, after, effects);
    state = after;
  }
  return state;
}

const runs = { numRuns: 200 };

describe('whatever happens in a call', () => {
  it('the state is valid, survives JSON, and a successor continues it with the same effects', () => {
    fc.assert(
      fc.property(moves, (all) => {
        play(all, (before, event, after, effects) => {
          const stored = parseState(JSON.stringify(before));
          const again = transition(stored, event, { nowMs: startMs, clinic });
          expect(parseState(JSON.stringify(after))).toEqual(JSON.parse(JSON.stringify(after)));
          const untimed = (list: readonly Effect[]): unknown =>
            list.map((effect) =>
              effect.type === 'line'
                ? { ...effect.line, atMs: 0 }
                : effect.type === 'tool' && effect.tool.kind === 'find-slots'
                  ? { ...effect.tool, fromMs: 0, toMs: 0 }
                  : effect,
            );
          expect(untimed(again.effects)).toEqual(untimed(effects));
        });
      }),
      { numRuns: 80 },
    );
  });

  it('it is never left without listening, a tool at work, or an end', () => {
    fc.assert(
      fc.property(moves, (all) => {
        play(all, (before, event, after, effects) => {
          const says = effects.some(({ type }) => type === 'say');
          const listens = effects.findLastIndex(({ type }) => type === 'listen');
          if (says && after.phase.kind !== 'over')
            expect(listens).toBeGreaterThan(effects.findLastIndex(({ type }) => type === 'say'));
          if (['turn', 'key', 'silent', 'started'].includes(event.type) && before.phase.kind !== 'over') {
            expect(listens >= 0 || after.phase.kind === 'over').toBe(true);
          }
          if ('request' in after.phase) {
            const { request } = after.phase;
            expect(after.tools.some((tool) => tool.request === request)).toBe(true);
          }
          if (after.phase.kind === 'over' && before.phase.kind !== 'over')
            expect(effects.at(-1)?.type).toBe('end');
        });
      }),
      runs,
    );
  });

  it('nothing is booked without a clear yes to a heard read-back of exactly those details', () => {
    let bookings = 0;
    fc.assert(
      fc.property(moves, (all) => {
        /** Texts that were spoken, by id, and which of them were heard whole up to their details. */
        const spoken = new Map<string, string>();
        const heard: string[] = [];
        let lastYesFor: State['readBack'];
        play(all, (before, event, _after, effects) => {
          if (event.type === 'utterance-ended') {
            const text = spoken.get(event.utteranceId) ?? '';
            heard.push(event.cause === 'played' ? text : event.heardText);
          }
          const saidYes =
            (event.type === 'turn' &&
              event.status === 'confident' &&
              readYesNo(tokensOf(event.text)) === 'yes') ||
            (event.type === 'key' && event.digit === '1');
          if (saidYes && before.phase.kind === 'confirming') lastYesFor = before.readBack;
          for (const effect of effects) {
            if (effect.type === 'say') spoken.set(effect.utteranceId, effect.text);
            if (effect.type !== 'tool' || effect.tool.kind !== 'book' || event.type === 'started') continue;
            bookings++;
            const { slot, name, phone, holdId } = effect.tool;
            expect(lastYesFor).toMatchObject({ slot, name, phone, holdId });
            expect(before.phase.kind).toBe('confirming');
            const words = tokensOf(lastYesFor!.details).join(' ');
            expect(heard.some((text) => tokensOf(text).join(' ').includes(words))).toBe(true);
          }
        });
      }),
      { numRuns: 300 },
    );
    // The property is about something: the moves do get as far as a commit.
    expect(bookings).toBeGreaterThan(30);
  });

  it('nobody hears "booked" before a commit succeeded, and one key never stands for two contents', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let commits = 0;
        const contents = new Map<string, string>();
        play(all, (before, event, _after, effects) => {
          const tool =
            event.type === 'tool-done'
              ? before.tools.find((one) => one.request === event.request)
              : undefined;
          if (tool?.kind === 'book' && event.type === 'tool-done' && event.result.kind === 'done') commits++;
          for (const effect of effects) {
            if (effect.type === 'say' && /\bbooked\b/i.test(effect.text)) expect(commits).toBeGreaterThan(0);
            if (effect.type === 'record-outcome' && effect.outcome === 'booked')
              expect(commits).toBeGreaterThan(0);
            if (effect.type === 'tool' && effect.tool.kind === 'book') {
              const { key, request: _, ...content } = effect.tool;
              const text = JSON.stringify(content);
              expect(contents.get(key) ?? text).toBe(text);
              contents.set(key, text);
            }
          }
        });
      }),
      runs,
    );
  });

  it('an emergency always leads to the clinic words, from any state', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const state = play(all, () => {});
        if (['over', 'gone'].includes(state.phase.kind)) return;
        const event: DialogueEvent = {
          type: 'turn',
          text: 'i have chest pain',
          status: 'confident',
          confidence: 0.9,
        };
        const { effects } = transition(state, event, { nowMs: startMs + 300_000, clinic });
        expect(effects.find(({ type }) => type === 'say')).toMatchObject({
          text: clinic.emergencyText,
          interruptible: false,
        });
      }),
      runs,
    );
  });
});
