import fc from 'fast-check';
import { aClinic, brown, slotAt } from '../testing/clinic.ts';
import {
  eventOf,
  expectGoesOn,
  goOnWaiting,
  type Move,
  playCall,
  type Seen,
  some,
  startMs,
  sureTurn,
  toolResults,
} from '../testing/dialogue-moves.ts';
import type { DialogueEvent, Effect } from './effects.ts';
import { transition } from './machine.ts';
import { parseState, type Slot, type State } from './state.ts';
import { readYesNo } from './understanding/yes-no.ts';
import { tokensOf } from './understanding/words.ts';

const clinic = aClinic();
const slots: Slot[] = [
  ...['24T09:00', '24T10:30', '24T14:00', '25T10:30', '27T11:00'].map((at) => slotAt(`2026-11-${at}`)),
  slotAt('2026-11-24T10:00', { doctor: brown }),
];

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

/** A sensible next step, so that calls also get somewhere. */
const goOn = { kind: 'go-on' } as const;

const move = fc.oneof(
  {
    weight: 8,
    arbitrary: some.turn(phrases, ['confident', 'confident', 'confident', 'unsure', 'not-understood']),
  },
  { weight: 8, arbitrary: some.answer({ results: toolResults(slots), toolsMax: 4, goodOfTen: 8 }) },
  { weight: 8, arbitrary: some.hearing({ cutOnceIn: 3 }) },
  { weight: 1, arbitrary: some.key('0123456789*#') },
  { weight: 1, arbitrary: some.silence },
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
  fc.oneof({ weight: 3, arbitrary: fc.constant(goOn) }, { weight: 2, arbitrary: move }),
  { maxLength: 60, size: 'max' },
);

function sensible(state: State): DialogueEvent {
  const waiting = goOnWaiting(state, slots);
  if (waiting) return waiting;
  if (state.phase.kind === 'choosing') return sureTurn('the first one');
  if (state.phase.kind === 'confirming') return sureTurn('yes');
  if (state.phase.kind !== 'asking') return sureTurn('no');
  return sureTurn(
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

/** Plays the moves of a caller and hands each transition to `see`. */
const play = (all: readonly (Move | typeof goOn)[], see: (seen: Seen) => void): State =>
  playCall(
    {
      clinic,
      first: { type: 'started', stream: 1, resumed: false },
      moves: all,
      eventOf: (one, state) => (one.kind === 'go-on' ? sensible(state) : eventOf(one, state, slots)),
    },
    see,
  );

const runs = { numRuns: 200 };

describe('whatever happens in a call', () => {
  it('the state is valid, survives JSON, and a successor continues it with the same effects', () => {
    fc.assert(
      fc.property(moves, (all) => {
        play(all, ({ before, event, after, effects }) => {
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
        play(all, expectGoesOn);
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
        play(all, ({ before, event, effects }) => {
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
        play(all, ({ before, event, effects }) => {
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
        const { effects } = transition(state, sureTurn('i have chest pain'), {
          nowMs: startMs + 300_000,
          clinic,
        });
        expect(effects.find(({ type }) => type === 'say')).toMatchObject({
          text: clinic.emergencyText,
          interruptible: false,
        });
      }),
      runs,
    );
  });
});
