import fc from 'fast-check';
import { slotAt } from '../testing/clinic.ts';
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
import { aScript, callingClinic, readyFlow } from '../testing/fake-outreach.ts';
import type { DialogueEvent, ToolResult } from './effects.ts';
import { transition } from './machine.ts';
import { checkFlow } from './script/check-flow.ts';
import type { Flow, FlowNode } from './script/flow.ts';
import { parseState, type State } from './state.ts';
import { tokensOf } from './understanding/words.ts';

/** Flows in which nothing is wrong, made from the ready ones by turning their edges elsewhere; and whatever happens in them. */
const clinic = callingClinic();
const slots = ['24T09:00', '25T10:30', '27T11:00', '27T14:00'].map((at) => slotAt(`2026-11-${at}`));
const ready: readonly Flow[] = [readyFlow('appointment-reminder'), readyFlow('no-show-recovery')];

const phrases = [
  'yes',
  'no',
  'hello',
  'yes one moment',
  'this is his wife',
  "i'll be there",
  "i can't make it",
  'move it',
  'cancel it',
  "don't cancel it",
  'keep it',
  'never mind',
  'friday',
  'the first one',
  'ten thirty',
  'doctor sharma',
  'stop calling me',
  "don't call me before noon",
  'who is this',
  'wrong number',
  "she's not here",
  'call me later',
  'operator',
  'chest pain',
  'say that again',
  'goodbye',
  'refill',
  'the time',
  '',
];
const results: ToolResult[] = [...toolResults(slots), { kind: 'call-back' }, { kind: 'not-served' }];

const move = fc.oneof(
  { weight: 6, arbitrary: some.turn(phrases, ['confident', 'confident', 'confident', 'unsure']) },
  { weight: 6, arbitrary: some.answer({ results, toolsMax: 1, goodOfTen: 8 }) },
  { weight: 8, arbitrary: some.hearing({ cutOnceIn: 4 }) },
  { weight: 1, arbitrary: some.key('0123459#') },
  { weight: 1, arbitrary: some.silence },
  {
    weight: 1,
    arbitrary: fc
      .record({ stream: fc.integer({ min: 2, max: 9 }), machine: fc.integer({ min: 0, max: 5 }) })
      .map(({ stream, machine }): Move => ({
        kind: 'event',
        event: { type: 'started', stream, resumed: true, machine: machine === 0 },
      })),
  },
);

/** A sensible next step, so that calls also get somewhere. */
interface GoOn {
  readonly kind: 'go-on';
  readonly say: string;
}
const goOn = fc
  .constantFrom('yes', 'yes', 'yes', 'move it', 'cancel it')
  .map((say): GoOn => ({ kind: 'go-on', say }));
const moves = fc.array(fc.oneof({ weight: 3, arbitrary: goOn }, { weight: 1, arbitrary: move }), {
  maxLength: 50,
  size: 'max',
});

const targets = ['next', 'then', 'else', 'done', 'failed', 'declined'] as const;

/** A ready flow with some of its edges turned elsewhere. Most are refused; those that are not are what this is about. */
const flows: fc.Arbitrary<Flow> = fc
  .record({
    base: fc.constantFrom(...ready),
    turns: fc.array(fc.record({ node: fc.nat(40), edge: fc.nat(8), to: fc.nat(40) }), { maxLength: 3 }),
  })
  .map(({ base, turns }) => turns.reduce((flow, one) => turned(flow, one), base))
  .filter((flow) => checkFlow(flow).length === 0);

function turned(flow: Flow, o: { node: number; edge: number; to: number }): Flow {
  const nodes = structuredClone(flow.nodes) as (FlowNode & Record<string, unknown>)[];
  const node = nodes[o.node % nodes.length]!;
  const to = nodes[o.to % nodes.length]!.id;
  const answers = node.kind === 'ask' ? node.answers : undefined;
  if (answers) answers[o.edge % answers.length]!.next = to;
  else {
    const own = targets.filter((name) => name in node);
    if (own.length > 0) (node as Record<string, unknown>)[own[o.edge % own.length]!] = to;
  }
  return { ...flow, nodes };
}

const facts = fc.constantFrom(
  aScript(),
  aScript({ appointment: { ...aScript().appointment!, startMs: startMs - 86_400_000 } }),
  aScript({ appointment: { ...aScript().appointment!, status: 'cancelled' } }),
  (({ appointment: _, ...rest }) => rest)(aScript()),
);

const sensible = (state: State, say: string): DialogueEvent =>
  goOnWaiting(state, slots) ??
  sureTurn({ choosing: 'the first one', confirming: 'yes' }[state.phase.kind as string] ?? say);

const hello: Move = { kind: 'event', event: sureTurn('hello') };

/** Plays a call of ours that somebody picks up with a hello, and hands each transition to `see`. */
const play = (
  flow: Flow,
  script: ReturnType<typeof aScript>,
  all: readonly (Move | GoOn)[],
  see: (seen: Seen) => void,
): State =>
  playCall(
    {
      ...{ clinic, flow },
      first: { type: 'started', stream: 1, resumed: false, outbound: script },
      moves: [hello, ...all],
      eventOf: (one, state) => (one.kind === 'go-on' ? sensible(state, one.say) : eventOf(one, state, slots)),
    },
    see,
  );

const runs = { numRuns: 200 };

describe('whatever happens in a call that follows a checked flow', () => {
  it('every event leads to listening, a tool at work, or the end; and the state is one that a successor reads', () => {
    fc.assert(
      fc.property(flows, facts, moves, (flow, script, all) => {
        play(flow, script, all, (seen) => {
          expect(parseState(JSON.stringify(seen.after))).toEqual(JSON.parse(JSON.stringify(seen.after)));
          expectGoesOn(seen);
        });
      }),
      runs,
    );
  });

  it('nothing is confirmed, cancelled or moved but by a yes to words that were heard to say so, by the patient', () => {
    const commits = { confirm: 0, cancel: 0, move: 0, book: 0 };
    fc.assert(
      fc.property(flows, facts, moves, (flow, script, all) => {
        const spoken = new Map<string, string>();
        const heard: string[] = [];
        play(flow, script, all, ({ before, event, effects }) => {
          if (event.type === 'utterance-ended')
            heard.push(event.cause === 'played' ? (spoken.get(event.utteranceId) ?? '') : event.heardText);
          for (const effect of effects) {
            if (effect.type === 'say') spoken.set(effect.utteranceId, effect.text);
            if (effect.type !== 'tool' || event.type === 'started') continue;
            const { kind } = effect.tool;
            if (kind !== 'confirm' && kind !== 'cancel' && kind !== 'move' && kind !== 'book') continue;
            commits[kind]++;
            expect(before.progress?.identified).toBe(true);
            const { phase } = before;
            const said = phase.kind === 'scripted' ? phase.said : (before.readBack?.details ?? '');
            // All of it but its last word.
            const words = tokensOf(said).slice(0, -1).join(' ');
            expect(words).not.toBe('');
            expect(heard.some((text) => tokensOf(text).join(' ').includes(words))).toBe(true);
          }
        });
      }),
      // A cancelled or moved appointment comes about once in a hundred calls, and each kind has to be among them.
      { numRuns: 1_000 },
    );
    expect(Math.min(...Object.values(commits))).toBeGreaterThan(0);
  });

  it('nobody hears of a success before its tool has answered and its outcome is recorded', () => {
    const claims = /appointment is (confirmed|cancelled|now on)|You are booked|will not be called again/;
    const outcomeOf: Record<string, string> = {
      confirmed: 'confirmed',
      cancelled: 'cancelled',
      'now on': 'moved',
      booked: 'booked',
      'not be called': 'opted-out',
    };
    let heard = 0;
    fc.assert(
      fc.property(fc.constantFrom(...ready), facts, moves, (flow, script, all) => {
        const recorded = new Set<string>();
        play(flow, script, all, ({ effects }) => {
          for (const effect of effects) {
            if (effect.type === 'record-outcome') recorded.add(effect.outcome);
            if (effect.type !== 'say' || !claims.test(effect.text)) continue;
            heard++;
            const word = Object.keys(outcomeOf).find((one) => effect.text.includes(one))!;
            expect(recorded).toContain(outcomeOf[word]);
          }
        });
      }),
      runs,
    );
    expect(heard).toBeGreaterThan(10);
  });

  it('nothing of the appointment is said before somebody said that they are the patient', () => {
    fc.assert(
      fc.property(flows, facts, moves, (flow, script, all) => {
        play(flow, script, all, ({ after, effects }) => {
          for (const effect of effects)
            if (effect.type === 'say' && /Sharma|Cardiology|twenty fourth/.test(effect.text))
              expect(after.progress?.identified).toBe(true);
        });
      }),
      runs,
    );
  });

  it('an emergency, a person and no more calls work from everywhere', () => {
    fc.assert(
      fc.property(flows, facts, moves, (flow, script, all) => {
        const state = play(flow, script, all, () => {});
        if (['over', 'gone'].includes(state.phase.kind) || state.progress?.machine) return;
        const says = (text: string) =>
          transition(state, sureTurn(text), { nowMs: startMs + 300_000, clinic, flow });
        expect(says('i have chest pain').effects.find(({ type }) => type === 'say')).toMatchObject({
          text: clinic.emergencyText,
        });
        if (['leaving', 'handing-off', 'opting-out'].includes(state.phase.kind) || state.aside) return;
        const stop = says('stop calling me');
        expect(stop.state.phase.kind === 'opting-out' || stop.state.progress?.optOut !== undefined).toBe(
          true,
        );
        const person = says('a person please');
        expect(person.state.phase).toMatchObject({ kind: 'leaving', how: { kind: 'hand-off' } });
      }),
      runs,
    );
  });
});
