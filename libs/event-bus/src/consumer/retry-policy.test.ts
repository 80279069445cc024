import { judge, outcomeOfError } from './retry-policy.ts';

const delays = [10, 100];

it.each([
  [{ kind: 'ok' } as const, 0, { kind: 'done' }],
  [{ kind: 'drop', reason: 'r' } as const, 5, { kind: 'done' }],
  [{ kind: 'dead-letter', reason: 'r' } as const, 0, { kind: 'dead', reason: 'r' }],
  [{ kind: 'retry', reason: 'r' } as const, 0, { kind: 'retry', reason: 'r', delayMs: 10 }],
  [{ kind: 'retry', reason: 'r' } as const, 1, { kind: 'retry', reason: 'r', delayMs: 100 }],
  [{ kind: 'retry', reason: 'r', afterMs: 7 } as const, 1, { kind: 'retry', reason: 'r', delayMs: 7 }],
  [{ kind: 'retry', reason: 'r', afterMs: 7 } as const, 2, { kind: 'dead', reason: 'r' }],
])('%j after %i failures', (outcome, failures, verdict) => {
  expect(judge(outcome, failures, delays)).toEqual(verdict);
});

it('keeps of an error its code or name, never its text', () => {
  expect(outcomeOfError(Object.assign(new Error('Mrs Miller'), { code: '23505' }))).toMatchObject({
    reason: 'handler failed: 23505',
  });
  expect(outcomeOfError(new TypeError('Mrs Miller'))).toMatchObject({ reason: 'handler failed: TypeError' });
  expect(outcomeOfError('Mrs Miller')).toMatchObject({ reason: 'handler failed: string' });
});
