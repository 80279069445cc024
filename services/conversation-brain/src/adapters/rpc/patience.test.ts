import { Code, ConnectError } from '@connectrpc/connect';
import { patiently } from './patience.ts';

/** Answers with each of these in turn. */
function asking(...answers: readonly (Code | 'answer')[]): () => Promise<string> {
  const rest = [...answers];
  return async () => {
    const next = rest.shift();
    if (next !== 'answer') throw new ConnectError('no', next ?? Code.Internal);
    return next;
  };
}

it('asks again while the other side is away or does not answer', async () => {
  const ask = asking(Code.Unavailable, Code.Unavailable, Code.DeadlineExceeded, 'answer');
  expect(await patiently(ask)).toBe('answer');
});

it('takes a refusal for one', async () => {
  await expect(patiently(asking(Code.NotFound, 'answer'))).rejects.toMatchObject({ code: Code.NotFound });
});
