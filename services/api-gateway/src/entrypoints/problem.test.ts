import { Code, ConnectError } from '@connectrpc/connect';
import { z } from 'zod';
import { Problem, problemOf } from './problem.ts';

describe('what an error means to the outside', () => {
  it.each([
    [Code.AlreadyExists, 409, 'conflict'],
    [Code.FailedPrecondition, 409, 'conflict'],
    [Code.Aborted, 409, 'contention'],
    [Code.InvalidArgument, 422, 'invalid'],
    [Code.OutOfRange, 422, 'invalid'],
    [Code.NotFound, 404, 'not-found'],
    [Code.ResourceExhausted, 503, 'busy'],
    [Code.Unimplemented, 503, 'unavailable'],
    [Code.Unavailable, 503, 'unavailable'],
    [Code.DeadlineExceeded, 503, 'unavailable'],
  ])('RPC code %s is %s %s', (code, status, name) => {
    expect(problemOf(new ConnectError('why', code))).toMatchObject({ status, code: name });
  });

  it.each([Code.Unauthenticated, Code.PermissionDenied, Code.Unknown, Code.DataLoss])(
    'RPC code %s is a mistake of ours, not one of the user',
    (code) => expect(problemOf(new ConnectError('why', code))).toBeUndefined(),
  );

  it('names every field that is wrong', () => {
    const { error } = z.object({ a: z.string(), b: z.number() }).safeParse({});
    expect(problemOf(error)?.extra.problems).toHaveLength(2);
  });

  it('says nothing of surprises, nor of what a service hides behind internal', () => {
    expect(problemOf(new Error('password is hunter2'))).toBeUndefined();
    expect(problemOf(new ConnectError('secret', Code.Internal))).toBeUndefined();
  });

  it('does not show what a service said about being busy', () => {
    expect(problemOf(new ConnectError('10.0.0.3:5432 refused', Code.Unavailable))?.message).not.toContain(
      '5432',
    );
  });

  it('passes a problem on as it is', () => {
    const problem = new Problem(418, 'teapot', 'short and stout');
    expect(problemOf(problem)).toBe(problem);
  });
});
