import { Code, ConnectError } from '@connectrpc/connect';
import type { Logger } from '@wardline/observability';
import type { ErrorRequestHandler, Response } from 'express';
import { ZodError } from 'zod';

/** An answer in application/problem+json (RFC 9457). `code` is stable and meant for programs, `detail` for people. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Record<string, unknown>;

  constructor(status: number, code: string, detail: string, extra: Record<string, unknown> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

const byRpcCode: Partial<Record<Code, { status: number; code: string }>> = {
  [Code.InvalidArgument]: { status: 422, code: 'invalid' },
  [Code.OutOfRange]: { status: 422, code: 'invalid' },
  [Code.NotFound]: { status: 404, code: 'not-found' },
  // What there is already, endpoints that can be refused so say in a word of their own.
  [Code.AlreadyExists]: { status: 409, code: 'conflict' },
  // Contention that did not settle: the caller may repeat the very same request.
  [Code.Aborted]: { status: 409, code: 'contention' },
  [Code.FailedPrecondition]: { status: 409, code: 'conflict' },
  [Code.ResourceExhausted]: { status: 503, code: 'busy' },
  [Code.Unavailable]: { status: 503, code: 'unavailable' },
  [Code.DeadlineExceeded]: { status: 503, code: 'unavailable' },
  // An older version of the service, while a new one is rolled out: soon it knows the method.
  [Code.Unimplemented]: { status: 503, code: 'unavailable' },
  // Unauthenticated and PermissionDenied are not here: a service that does not let us in is our own mistake, not the user's.
};

/** What an error of ours, of a validator or of another service means to the outside; undefined for surprises. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) {
    return new Problem(422, 'invalid', 'The request does not have the expected form.', {
      problems: error.issues.map((i) => ({ field: i.path.join('.'), problem: i.message })),
    });
  }
  if (error instanceof ConnectError) {
    const known = byRpcCode[error.code];
    if (known)
      return new Problem(
        known.status,
        known.code,
        known.status === 503 ? 'Please try again in a moment.' : error.rawMessage,
      );
  }
  // Errors of the body parser (malformed JSON, too large) carry a 4xx status and a message that may be shown.
  if (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status >= 400 &&
    error.status < 500
  ) {
    const code = 'type' in error && typeof error.type === 'string' ? error.type : 'bad-request';
    return new Problem(error.status, code, error.message);
  }
  return undefined;
}

export function sendProblem(res: Response, problem: Problem): void {
  if (problem.status === 503) res.setHeader('retry-after', '1');
  res.status(problem.status).type('application/problem+json').send(problemText(problem));
}

export const problemText = (problem: Problem): string =>
  JSON.stringify({
    type: 'about:blank',
    title: problem.message,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...problem.extra,
  });

/** The last handler: known errors become problems, surprises become a 500 that says nothing and a log line that does. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const problem = problemOf(error);
    if (res.headersSent) {
      // What is cut off is not taken for whole. A reader who left is no error of ours.
      if (!res.writableEnded && !leftEarly(error))
        logger.error('an answer broke off', { method: req.method, route: req.route?.path, err: error });
      return void res.destroy();
    }
    if (!problem)
      logger.error('request failed unexpectedly', { method: req.method, route: req.route?.path, err: error });
    sendProblem(res, problem ?? new Problem(500, 'internal', 'Something went wrong on our side.'));
  };
}

const leftEarly = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
