import fc from 'fast-check';
import { agentSegments, measureCall, percentile, type FrameRecord } from './measurement.ts';

/** Frames of a timeline: each entry is `[milliseconds, what]`. */
function timeline(...parts: [number, 'speech' | 'pause' | 'idle' | 'starved' | 'end'][]): FrameRecord[] {
  return parts.flatMap(([ms, what]) =>
    Array.from({ length: ms / 20 }, (_, i): FrameRecord => {
      const level = what === 'speech' || what === 'end' ? 3000 : 0;
      const last = i === ms / 20 - 1;
      return {
        agentLevels: [level, level],
        deliveredBytes: what === 'idle' || what === 'starved' ? 0 : 160,
        endedAtMark: what === 'end' && last,
        cleared: false,
      };
    }),
  );
}
const whole = (frames: readonly FrameRecord[]) => ({ fromMs: 0, toMs: frames.length * 20 });

describe('turn latency', () => {
  it('is the time from the last voiced sample of the caller to the first audible one of the agent', () => {
    const frames = timeline([1000, 'end'], [2640, 'idle'], [800, 'end']);
    const metrics = measureCall(
      frames,
      [{ step: 'day', voicedFromMs: 1700, voicedToMs: 3000 }],
      whole(frames),
    );
    expect(metrics.turns).toEqual([{ step: 'day', latencyMs: 640 }]);
    expect(metrics.unanswered).toEqual([]);
  });

  it('counts a line that nobody answered before the next one', () => {
    const frames = timeline([1000, 'end'], [4000, 'idle'], [400, 'end']);
    const lines = [
      { step: 'one', voicedFromMs: 1500, voicedToMs: 2000 },
      { step: 'two', voicedFromMs: 3000, voicedToMs: 3500 },
    ];
    const metrics = measureCall(frames, lines, whole(frames));
    expect(metrics.unanswered).toEqual(['one']);
    expect(metrics.turns).toEqual([{ step: 'two', latencyMs: 1500 }]);
  });

  it('is exact to the measuring window whatever the times are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 19.9, noNaN: true }),
        (said, waited, offset) => {
          const lineEnd = 500 + said * 20 - offset;
          const answer = 500 + (said + waited) * 20;
          const frames = timeline([100, 'end'], [answer - 100, 'idle'], [400, 'end']);
          const metrics = measureCall(
            frames,
            [{ step: 's', voicedFromMs: 490, voicedToMs: lineEnd }],
            whole(frames),
          );
          const measured = metrics.turns[0]!.latencyMs;
          expect(Math.abs(measured - (answer - lineEnd))).toBeLessThanOrEqual(0.001);
        },
      ),
    );
  });
});

describe('interruption', () => {
  it('is the time from the first voiced sample over the agent to its silence', () => {
    const frames = timeline([1500, 'speech'], [3000, 'idle']);
    const metrics = measureCall(
      frames,
      [{ step: 'but', voicedFromMs: 1240, voicedToMs: 2400 }],
      whole(frames),
    );
    expect(metrics.interruptions).toEqual([{ step: 'but', silenceAfterMs: 260 }]);
  });

  it('is none when the agent had finished', () => {
    const frames = timeline([1000, 'end'], [3000, 'idle']);
    expect(
      measureCall(frames, [{ step: 'late', voicedFromMs: 1300, voicedToMs: 2000 }], whole(frames))
        .interruptions,
    ).toEqual([]);
  });

  it('does not take a pause in the agent’s sentence for its silence', () => {
    const frames = timeline([1000, 'speech'], [300, 'pause'], [1000, 'speech'], [2000, 'idle']);
    expect(
      measureCall(frames, [{ step: 'but', voicedFromMs: 900, voicedToMs: 3000 }], whole(frames))
        .interruptions,
    ).toEqual([{ step: 'but', silenceAfterMs: 1400 }]);
  });
});

describe('gaps', () => {
  const gapsOf = (frames: FrameRecord[]) => measureCall(frames, [], whole(frames)).gaps;

  it('are frames not delivered inside an utterance', () => {
    expect(gapsOf(timeline([500, 'speech'], [60, 'starved'], [500, 'end']))).toEqual([{ atMs: 500, ms: 60 }]);
  });
  it('are not the pauses of the voice, which are delivered', () => {
    expect(gapsOf(timeline([500, 'speech'], [300, 'pause'], [500, 'end']))).toEqual([]);
  });
  it('are not the time between two utterances', () => {
    expect(gapsOf(timeline([500, 'end'], [100, 'idle'], [500, 'end']))).toEqual([]);
    expect(gapsOf(timeline([500, 'speech'], [1500, 'idle'], [500, 'speech']))).toEqual([]);
  });
  it('are told apart when they lie at a mark', () => {
    const frames = timeline([500, 'end'], [100, 'idle'], [500, 'end'], [1000, 'idle'], [500, 'end']);
    expect(measureCall(frames, [], whole(frames)).pausesAtMarks).toEqual([{ atMs: 500, ms: 100 }]);
  });
  it('are not up to 40 ms of jitter, which is counted all the same', () => {
    const metrics = measureCall(timeline([500, 'speech'], [40, 'starved'], [500, 'end']), [], {
      fromMs: 0,
      toMs: 1040,
    });
    expect(metrics.gaps).toEqual([]);
    expect(metrics.underrunFrames).toBe(2);
  });
  it('are not what follows a clear', () => {
    const frames = timeline([500, 'speech'], [100, 'starved'], [500, 'speech']);
    frames[25] = { ...frames[25]!, cleared: true };
    expect(gapsOf(frames)).toEqual([]);
  });
});

describe('segments, dead air and percentiles', () => {
  it('joins speech over pauses and never overlaps', () => {
    const part = fc.tuple(
      fc.integer({ min: 1, max: 60 }).map((n) => n * 20),
      fc.constantFrom('speech' as const, 'pause' as const, 'idle' as const),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const frames = timeline(...parts);
        const segments = agentSegments(frames);
        segments.forEach((s, i) => {
          expect(s.fromMs).toBeLessThan(s.toMs);
          const next = segments[i + 1];
          if (next) expect(next.fromMs - s.toMs).toBeGreaterThanOrEqual(400);
        });
      }),
    );
  });

  it('finds the longest time in which nobody is heard', () => {
    const frames = timeline([1000, 'end'], [5000, 'idle'], [1000, 'end']);
    expect(
      measureCall(frames, [{ step: 'a', voicedFromMs: 2000, voicedToMs: 3000 }], whole(frames)).deadAirMsMax,
    ).toBe(3000);
  });

  it('takes the nearest rank', () => {
    expect(percentile([5, 1, 4, 2, 3], 50)).toBe(3);
    expect(percentile([5, 1, 4, 2, 3], 99)).toBe(5);
    expect(percentile([], 50)).toBeUndefined();
  });
});
