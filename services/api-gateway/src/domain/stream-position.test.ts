import fc from 'fast-check';
import { parsePosition, streamStartOf, type LogBounds } from './stream-position.ts';

/** A log that gave out positions 1 … next-1 and has pruned those below `oldest`. */
const anyLog = fc
  .tuple(fc.bigInt({ min: 0n, max: 1_000n }), fc.bigInt({ min: 0n, max: 1_000n }))
  .map(([pruned, kept]): LogBounds => ({ oldest: pruned + 1n, next: pruned + kept + 1n }));

const kept = (log: LogBounds) =>
  Array.from({ length: Number(log.next - log.oldest) }, (_, index) => log.oldest + BigInt(index));

describe('where a stream begins', () => {
  it('gives exactly what is behind any position that it gave out, or says that it cannot', () => {
    fc.assert(
      fc.property(anyLog, fc.bigInt({ min: 0n, max: 3_000n }), (log, position) => {
        const start = streamStartOf({ lastEventId: String(position) }, log);
        const behind = Array.from({ length: Number(log.next) }, (_, index) => BigInt(index)).filter(
          (each) => each > position,
        );
        if (position >= log.next) expect(start).toEqual({ kind: 'ahead', newest: log.next - 1n });
        else if (behind.every((each) => each >= log.oldest))
          expect(start).toEqual({ kind: 'after', position });
        else expect(start).toEqual({ kind: 'gone', oldest: log.oldest });
      }),
    );
  });

  it('begins at the present when nothing is asked for', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        expect(streamStartOf({}, log)).toEqual({ kind: 'after', position: log.next - 1n });
      }),
    );
  });

  it('begins with the oldest that is kept for after=0, and with the next one when none is', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const start = streamStartOf({ after: '0' }, log);
        if (start.kind !== 'after') throw new Error(start.kind);
        expect(kept(log).filter((position) => position > start.position)).toEqual(kept(log));
      }),
    );
  });

  it('takes the header literally: 0 there is not the oldest', () => {
    const pruned = { oldest: 5n, next: 9n };
    expect(streamStartOf({ lastEventId: '0' }, pruned)).toEqual({ kind: 'gone', oldest: 5n });
    expect(streamStartOf({ lastEventId: '6', after: '0' }, pruned)).toEqual({ kind: 'after', position: 6n });
  });

  it('knows text that is no position', () => {
    for (const text of [
      '',
      ' 1',
      '1 ',
      '-1',
      '+1',
      '01',
      '1.0',
      '1e3',
      '0x1',
      '١',
      'null',
      '1, 2',
      '9'.repeat(19),
    ]) {
      expect([text, parsePosition(text)]).toEqual([text, undefined]);
      expect(streamStartOf({ lastEventId: text }, { oldest: 1n, next: 9n })).toEqual({ kind: 'malformed' });
    }
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (position) => {
        expect(parsePosition(String(position))).toBe(position);
      }),
    );
  });
});
