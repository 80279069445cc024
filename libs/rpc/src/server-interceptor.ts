import type { Interceptor, StreamResponse, UnaryResponse } from '@connectrpc/connect';
import { openSpan, type Logger, type OpenSpan } from '@wardline/observability';
import { callerKey } from './caller.ts';
import { mapHandlerError } from './errors.ts';
import type { InFlight } from './rpc-server.ts';
import { wrapStream } from './streams.ts';

/** Continues the caller's trace, and turns what a handler throws into what the caller may see. */
export function createServerInterceptor(logger: Logger, inFlight: InFlight): Interceptor {
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const span = openSpan(
      'rpc.server',
      { 'rpc.method': method, 'rpc.caller': request.contextValues.get(callerKey)?.service ?? 'unknown' },
      { traceparent: request.header.get('traceparent') ?? undefined },
    );
    const guarded = async <R>(step: () => Promise<R>): Promise<R> => {
      try {
        return await span.run(step);
      } catch (thrown) {
        const { error, unexpected } = mapHandlerError(thrown, request.signal);
        if (unexpected) span.runSync(() => logger.error('rpc handler failed', { method, err: thrown }));
        throw error;
      }
    };
    if (!request.stream) inFlight.enter();
    try {
      const response = await guarded(() => next(request));
      return response.stream ? withStream(response, guarded, span) : finished(response, span);
    } catch (error) {
      span.end(error);
      throw error;
    } finally {
      if (!request.stream) inFlight.leave();
    }
  };
}

function finished(response: UnaryResponse, span: OpenSpan): UnaryResponse {
  span.end();
  return response;
}

function withStream(
  response: StreamResponse,
  run: <R>(step: () => Promise<R>) => Promise<R>,
  span: OpenSpan,
): StreamResponse {
  return { ...response, message: wrapStream(response.message, run, (error) => span.end(error)) };
}
