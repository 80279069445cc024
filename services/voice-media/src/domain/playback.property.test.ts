import fc from 'fast-check';
import { Playback, type PlaybackAction } from './playback.ts';

const texts = ['Hello.', 'One moment, please hold the line. We have Tuesday.', 'Yes. No. Perhaps.', ''];

const step = fc.oneof(
  fc.record({
    do: fc.constant('say' as const),
    text: fc.constantFrom(...texts),
    interruptible: fc.boolean(),
  }),
  fc.record({ do: fc.constant('make' as const), frames: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    do: fc.constant('run' as const),
    ms: fc.integer({ min: 20, max: 800 }),
    floorTaken: fc.boolean(),
  }),
  fc.record({ do: fc.constant('stall' as const), ms: fc.integer({ min: 1, max: 300 }) }),
  fc.constant({ do: 'hold' as const }),
  fc.constant({ do: 'resume' as const }),
  fc.constant({ do: 'interrupt' as const }),
  fc.constant({ do: 'replace' as const }),
  fc.constant({ do: 'marks' as const }),
);

interface Seen {
  readonly action: PlaybackAction;
  readonly now: number;
}

function play(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) {
  const playback = new Playback({ leadMs: 60 });
  const seen: Seen[] = [];
  let now = 0;
  let said = 0;
  let running: boolean | undefined;
  const see = (actions: readonly PlaybackAction[]) => {
    for (const action of actions) {
      if (action.type === 'started') running = action.request.interruptible;
      if (action.type === 'drained') running = undefined;
      seen.push({ action, now });
    }
  };
  const make = (frames: number) => {
    const clause = playback.nextToMake(4);
    if (clause === undefined) return false;
    // A frame knows which utterance it belongs to and where it stands in its clause.
    const audio = Array.from({ length: frames }, (_, index) =>
      Uint8Array.of(clause.serial, clause.index, index),
    );
    playback.attach(clause, { frames: audio, voicedFrames: frames });
    return true;
  };
  const run = (ms: number, floorTaken: boolean) => {
    for (const end = now + ms; now < end; now += 20) see(playback.pump(now, floorTaken));
  };
  for (const one of steps) {
    switch (one.do) {
      case 'say':
        playback.add({
          id: String(++said),
          text: one.text,
          interruptible: one.interruptible,
          rate: 1,
          origin: 'dialogue',
        });
        break;
      case 'make':
        make(one.frames);
        break;
      case 'run':
        run(one.ms, one.floorTaken);
        break;
      case 'stall':
        now += one.ms;
        break;
      case 'hold':
        // The turn machine holds only what may be interrupted.
        if (running === true) see(playback.hold(now));
        break;
      case 'resume':
        playback.resume(now);
        break;
      case 'interrupt':
        if (playback.held) see(playback.interrupt(now));
        break;
      case 'replace':
        see(playback.replaceAll(now));
        break;
      case 'marks':
        for (const { action } of [...seen])
          if (action.type === 'mark') see(playback.confirm(action.name, now));
        break;
      default:
        throw new Error(`unreachable ${String(one satisfies never)}`);
    }
  }
  playback.resume(now);
  for (let rounds = 0; rounds < 400 && !playback.idle; rounds += 1) {
    while (make(3));
    run(100, false);
  }
  return { seen, said, playback };
}

const scripts = fc.array(step, { maxLength: 40 });

describe('whatever happens', () => {
  it('each utterance ends exactly once, in the order in which they were said when all are heard', () => {
    fc.assert(
      fc.property(scripts, (steps) => {
        const { seen, said, playback } = play(steps);
        expect(playback.idle).toBe(true);
        const ended = seen.flatMap(({ action }) => (action.type === 'ended' ? [action] : []));
        expect(ended.map((action) => Number(action.request.id)).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: said }, (_, index) => index + 1),
        );
      }),
    );
  });

  it('no two utterances at once, and no frame lost inside a clause', () => {
    fc.assert(
      fc.property(scripts, (steps) => {
        let last: readonly [number, number, number] | undefined;
        for (const { action } of play(steps).seen) {
          if (action.type === 'clear') last = undefined;
          if (action.type !== 'frame') continue;
          const [serial = 0, clause = 0, index = 0] = action.frame;
          if (last !== undefined && serial === last[0] && clause === last[1]) expect(index).toBe(last[2] + 1);
          else expect(index).toBe(0);
          if (last !== undefined) expect(serial).toBeGreaterThanOrEqual(last[0]);
          last = [serial, clause, index];
        }
      }),
    );
  });

  it('never has more than the lead and one frame at the carrier', () => {
    fc.assert(
      fc.property(scripts, (steps) => {
        let until = -Infinity;
        for (const { action, now } of play(steps).seen) {
          if (action.type === 'clear') until = now;
          if (action.type !== 'frame') continue;
          until = Math.max(until, now) + 20;
          expect(until - now).toBeLessThanOrEqual(60 + 20);
        }
      }),
    );
  });

  it('what may not be interrupted ends as played or replaced', () => {
    fc.assert(
      fc.property(scripts, (steps) => {
        for (const { action } of play(steps).seen) {
          if (action.type === 'ended' && !action.request.interruptible)
            expect(action.end).not.toBe('interrupted');
        }
      }),
    );
  });

  it('started and drained alternate', () => {
    fc.assert(
      fc.property(scripts, (steps) => {
        let audible = false;
        for (const { action } of play(steps).seen) {
          if (action.type === 'started') audible = true;
          if (action.type === 'drained') {
            expect(audible).toBe(true);
            audible = false;
          }
        }
        expect(audible).toBe(false);
      }),
    );
  });
});
