import fc from 'fast-check';
import { Timeline } from '../testing/timeline.ts';

/** A call as anything that can happen, in any order. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('voice' as const), ms: fc.integer({ min: 32, max: 1_500 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('silence' as const), ms: fc.integer({ min: 32, max: 1_500 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('partial' as const), text: fc.constantFrom('', 'yes', 'on the') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('start' as const), interruptible: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'stop' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'key' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('nothing' as const), ms: fc.integer({ min: 20, max: 900 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'listen' as const }) },
);

function play(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Timeline {
  const line = new Timeline();
  for (const one of steps) {
    switch (one.do) {
      case 'voice':
        line.voice(one.ms);
        break;
      case 'silence':
        line.silence(one.ms);
        break;
      case 'nothing':
        line.nothing(one.ms);
        break;
      case 'partial':
        line.partial(one.text);
        break;
      case 'start':
        // Playback starts nothing while it is held; the machine relies on that.
        if (line.state.agent.kind !== 'held') line.agentStarts(one.interruptible);
        break;
      case 'stop':
        line.agentStops();
        break;
      case 'key':
        line.key();
        break;
      case 'listen':
        line.listen({ noInputMs: 1_000 });
        break;
      default:
        throw new Error(`unreachable ${String(one satisfies never)}`);
    }
  }
  return line;
}

describe('any call', () => {
  it('ends or drops each turn exactly once, before the next begins, and numbers the ended ones without a gap', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const line = play([...steps, { do: 'stop' }, { do: 'silence', ms: 3_000 }]);
        let open: number | undefined;
        const ended: number[] = [];
        for (const effect of line.effects) {
          if (effect.type === 'begin-recognition') {
            expect(open).toBeUndefined();
            open = effect.turn;
          }
          if (effect.type === 'end-turn' || effect.type === 'drop-recognition') {
            expect(effect.turn).toBe(open);
            if (effect.type === 'end-turn') ended.push(effect.turn);
            open = undefined;
          }
        }
        expect(open).toBeUndefined();
        expect(ended).toEqual(ended.map((_, index) => index + 1));
      }),
    );
  });

  it('answers each hold with exactly one resume or one interruption, unless the agent fell silent by itself', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const line = play([...steps, { do: 'silence', ms: 3_000 }]);
        let held = false;
        for (const effect of line.effects) {
          if (effect.type === 'hold-playback') {
            held = true;
          } else if (effect.type === 'resume-playback' || effect.type === 'take-interruption') {
            expect(held).toBe(true);
            held = false;
          }
        }
        expect(line.state.agent.kind).not.toBe('held');
      }),
    );
  });

  it('announces each turn that ends, once and before its end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const announced = new Set<number>();
        for (const effect of play(steps).effects) {
          if (effect.type === 'announce-speech') {
            expect(announced.has(effect.turn)).toBe(false);
            announced.add(effect.turn);
          }
          if (effect.type === 'end-turn') expect(announced.has(effect.turn)).toBe(true);
        }
      }),
    );
  });

  it('resumes recognition only after a speculation', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let speculating = false;
        for (const effect of play(steps).effects) {
          if (effect.type === 'speculate') {
            expect(speculating).toBe(false);
            speculating = true;
          }
          if (effect.type === 'resume-recognition') expect(speculating).toBe(true);
          if (/recognition|end-turn/.test(effect.type)) speculating = false;
        }
      }),
    );
  });
});
