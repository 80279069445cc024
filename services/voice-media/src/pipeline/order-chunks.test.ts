import fc from 'fast-check';
import { createChunkOrder } from './order-chunks.ts';

/** What comes out for chunks that hold their own number, and what was dropped. */
function order(chunks: readonly (number | undefined)[]) {
  const out: number[] = [];
  const dropped: string[] = [];
  const push = createChunkOrder((reason) => dropped.push(reason));
  for (const chunk of chunks)
    push({ chunk, payload: Uint8Array.of(chunk ?? 255) }, (payload) => out.push(payload[0] ?? 0));
  return { out, dropped };
}

it('passes what is in order at once, wherever it begins', () => {
  expect(order([7, 8, 9])).toEqual({ out: [7, 8, 9], dropped: [] });
});

it('puts neighbours in order', () => {
  expect(order([1, 3, 2, 5, 4, 6])).toEqual({ out: [1, 2, 3, 4, 5, 6], dropped: [] });
});

it('drops what comes twice or too late', () => {
  expect(order([1, 2, 2, 1, 3])).toEqual({ out: [1, 2, 3], dropped: ['late', 'late'] });
});

it('waits for a missing chunk for four frames, then goes on', () => {
  expect(order([1, 3, 4, 5, 6]).out).toEqual([1]);
  expect(order([1, 3, 4, 5, 6, 7])).toEqual({ out: [1, 3, 4, 5, 6, 7], dropped: ['lost'] });
});

it('follows a carrier that counts anew', () => {
  const restarted = Array.from({ length: 40 }, (_, index) => index + 1);
  expect(order([100, 101, ...restarted]).out.slice(-3)).toEqual([38, 39, 40]);
});

it('lets chunks without numbers pass', () => {
  expect(order([undefined, undefined]).out).toEqual([255, 255]);
});

it('loses no frame of a stream in which frames overtake each other by up to four places', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 100 }), (delays) => {
      const arrival = delays
        .map((delay, index) => ({ chunk: index + 1, at: index + (index === 0 ? 0 : delay) }))
        .toSorted((a, b) => a.at - b.at || a.chunk - b.chunk)
        .map(({ chunk }) => chunk);
      expect(order(arrival)).toEqual({ out: delays.map((_, index) => index + 1), dropped: [] });
    }),
  );
});
