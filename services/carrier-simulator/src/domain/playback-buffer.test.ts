import fc from 'fast-check';
import { PlaybackBuffer } from './playback-buffer.ts';

describe('playback buffer', () => {
  it('plays every byte once, in order, whatever the chunks and the frames are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 700 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 400 }),
        (chunks, frame) => {
          const buffer = new PlaybackBuffer();
          for (const chunk of chunks) buffer.add(chunk);
          const played: number[] = [];
          while (buffer.pendingBytes > 0) played.push(...buffer.take(frame).bytes);
          expect(played).toEqual(chunks.flatMap((c) => [...c]));
        },
      ),
    );
  });

  it('returns a mark when everything before it has been played', () => {
    const buffer = new PlaybackBuffer();
    buffer.add(new Uint8Array(200));
    buffer.mark('a');
    buffer.add(new Uint8Array(100));
    buffer.mark('b');
    expect(buffer.reachedMarks()).toEqual([]);
    expect(buffer.take(160).emptiedAtMark).toBe(false);
    expect(buffer.reachedMarks()).toEqual([]);
    buffer.take(40);
    expect(buffer.reachedMarks()).toEqual(['a']);
    expect(buffer.take(160)).toMatchObject({ emptiedAtMark: true, bytes: new Uint8Array(100) });
    expect(buffer.reachedMarks()).toEqual(['b']);
  });

  it('forgets all on clear and returns the marks that were waiting', () => {
    const buffer = new PlaybackBuffer();
    buffer.add(new Uint8Array(200));
    buffer.mark('a');
    buffer.take(20);
    expect(buffer.clear()).toEqual(['a']);
    expect(buffer.pendingBytes).toBe(0);
    buffer.add(new Uint8Array(10).fill(7));
    expect(buffer.take(160).bytes).toEqual(new Uint8Array(10).fill(7));
  });
});
