import { createSilentLogger } from '@wardline/observability';
import type { Line } from '../domain/effects.ts';
import { createWriteBehind } from './write-behind.ts';

const line = (sequence: number): Line => ({
  sequence,
  speaker: 'agent',
  text: `line ${sequence}`,
  confidence: 1,
  atMs: 0,
  interrupted: false,
});

function rig(save: (n: number) => Promise<'saved' | 'replaced'>) {
  const batches: { state: string; lines: readonly Line[] }[] = [];
  let replaced = 0;
  const writer = createWriteBehind({
    save: (batch) => {
      batches.push(batch);
      return save(batches.length);
    },
    onReplaced: () => void replaced++,
    pause: async () => {},
    logger: createSilentLogger(),
  });
  return { writer, batches, replaced: () => replaced };
}

const sequences = (batch: { lines: readonly Line[] } | undefined): number[] =>
  (batch?.lines ?? []).map((one) => one.sequence);

describe('writing behind', () => {
  it('writes one at a time; what comes meanwhile goes together, newest state, all lines in order', async () => {
    let release: () => void = () => {};
    const { writer, batches } = rig((n) =>
      n === 1 ? new Promise((resolve) => (release = () => resolve('saved'))) : Promise.resolve('saved'),
    );
    writer.push('a', [line(1)]);
    writer.push('b', [line(2)]);
    writer.push('c', [line(3), line(4)]);
    expect(batches).toHaveLength(1);
    release();
    await writer.settled(1_000);
    expect(batches.map(({ state }) => state)).toEqual(['a', 'c']);
    expect(batches.map(sequences)).toEqual([[1], [2, 3, 4]]);
  });

  it('repeats what could not be stored before anything newer', async () => {
    const { writer, batches } = rig(async (n) => {
      if (n <= 2) throw new Error('away');
      return 'saved';
    });
    writer.push('a', [line(1)]);
    writer.push('b', [line(2)]);
    await writer.settled(1_000);
    expect(batches.map(({ state }) => state)).toEqual(['a', 'a', 'a', 'b']);
  });

  it('stops for good when another instance owns the conversation', async () => {
    const { writer, batches, replaced } = rig(async () => 'replaced');
    writer.push('a', []);
    await writer.settled(1_000);
    writer.push('b', []);
    await writer.settled(1_000);
    expect(batches).toHaveLength(1);
    expect(replaced()).toBe(1);
  });

  it('does not let anyone wait longer than they said', async () => {
    const { writer } = rig(() => new Promise(() => {}));
    writer.push('a', []);
    await writer.settled(1);
  });
});
