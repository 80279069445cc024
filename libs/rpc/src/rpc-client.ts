import {
  createClient,
  createContextKey,
  createContextValues,
  type Client,
  type Interceptor,
  type Transport,
} from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { DescService } from '@bufbuild/protobuf';
import type { Http2Session } from 'node:http2';
import { currentTraceparent, newTraceparent, withSpan } from '@wardline/observability';
import { mapConnectionError } from './errors.ts';
import { MESSAGE_BYTES_MAX } from './rpc-server.ts';
import type { ServiceTokens } from './service-tokens.ts';
import { wrapStream } from './streams.ts';

export interface RpcClientOptions {
  /** `http://host:port` of the called service. */
  baseUrl: string;
  /** Name of the called service: the audience of our tokens. */
  callee: string;
  tokens: ServiceTokens;
  /** Deadline of unary calls that name none. Default 5 s. Streams have none. */
  defaultDeadlineMs?: number;
}

export interface RpcClient<S extends DescService> {
  /** Calls in the name of one tenant. */
  forTenant(tenantId: string): Client<S>;
  /** Calls for no single tenant; handlers that need one refuse them. */
  withoutTenant(): Client<S>;
  /** Ends the connection and every call on it. Idempotent. */
  close(): void;
}

const DEADLINE_MS = 5_000;
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 5_000;
const TENANTS_CACHED_MAX = 1_000;

const tenantKey = createContextKey<string | undefined>(undefined, { description: 'tenant of the call' });

/**
 * A client of one service over one kept-alive HTTP/2 connection, opened by the first call and again after it was lost.
 * A call that fails because of that is not repeated: only its caller knows whether it may be.
 */
export function createRpcClient<S extends DescService>(service: S, options: RpcClientOptions): RpcClient<S> {
  const sessionManager = new Http2SessionManager(options.baseUrl, {
    pingIntervalMs: PING_INTERVAL_MS,
    pingTimeoutMs: PING_TIMEOUT_MS,
    // Not while idle: with it, a stream that closes after its connection has been given up starts the ping timer again, and
    // ten seconds later the ping throws "The session has been destroyed" out of that timer (connect-node 2.2.0). An idle
    // connection is verified before its next use anyway.
    pingIdleConnection: false,
  });
  const transport = createGrpcTransport({
    baseUrl: options.baseUrl,
    sessionManager: surviving(sessionManager),
    readMaxBytes: MESSAGE_BYTES_MAX,
    writeMaxBytes: MESSAGE_BYTES_MAX,
    acceptCompression: [],
    interceptors: [traceCalls, nameLostConnections, authorise(options)],
  });
  const deadlineMs = options.defaultDeadlineMs ?? DEADLINE_MS;
  const clients = new Map<string, Client<S>>();
  const clientFor = (tenantId: string | undefined) =>
    createClient(service, forTenantTransport(transport, tenantId, deadlineMs));
  const withoutTenant = clientFor(undefined);

  return {
    forTenant(tenantId) {
      const known = clients.get(tenantId);
      if (known) return known;
      // They hold nothing but a closure; beyond the bound all are made anew.
      if (clients.size >= TENANTS_CACHED_MAX) clients.clear();
      const client = clientFor(tenantId);
      clients.set(tenantId, client);
      return client;
    },
    withoutTenant: () => withoutTenant,
    close: () => sessionManager.abort(),
  };
}

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]['sessionManager']>;

/**
 * A connection that its server ends (GOAWAY) is destroyed with an error that comes up only when its socket has closed. Where
 * a new call has replaced the connection meanwhile, nobody listens for that error any more, and it would end the process
 * (connect-node 2.2.0; github.com/connectrpc/connect-es/issues/1768). It says nothing that the calls were not told.
 */
function surviving(manager: Http2SessionManager): SessionManager {
  const known = new WeakSet<Http2Session>();
  return {
    authority: manager.authority,
    async request(method, path, headers, options) {
      const stream = await manager.request(method, path, headers, options);
      const { session } = stream;
      if (session && !known.has(session)) {
        known.add(session);
        session.on('error', () => undefined);
      }
      return stream;
    },
    notifyResponseByteRead: (stream) => manager.notifyResponseByteRead(stream),
  };
}

/** Adds the tenant to each call, and a deadline to each unary one. */
function forTenantTransport(base: Transport, tenantId: string | undefined, deadlineMs: number): Transport {
  return {
    unary(method, signal, timeoutMs, header, input, values = createContextValues()) {
      const limitMs = timeoutMs !== undefined && timeoutMs > 0 ? timeoutMs : deadlineMs;
      return base.unary(method, signal, limitMs, header, input, values.set(tenantKey, tenantId));
    },
    stream(method, signal, timeoutMs, header, input, values = createContextValues()) {
      return base.stream(method, signal, timeoutMs, header, input, values.set(tenantKey, tenantId));
    },
  };
}

const traceCalls: Interceptor = (next) => (request) => {
  const send = () => {
    request.header.set('traceparent', currentTraceparent() ?? newTraceparent());
    return next(request);
  };
  // A stream outlives this function, and the handler's span on the other side times it.
  if (request.stream) return send();
  return withSpan('rpc.client', { 'rpc.method': `${request.service.typeName}/${request.method.name}` }, send);
};

const nameLostConnections: Interceptor = (next) => async (request) => {
  const guarded = async <R>(step: () => Promise<R>): Promise<R> => {
    try {
      return await step();
    } catch (error) {
      throw mapConnectionError(error);
    }
  };
  const response = await guarded(() => next(request));
  if (!response.stream) return response;
  return { ...response, message: wrapStream(response.message, guarded, () => undefined) };
};

function authorise(options: RpcClientOptions): Interceptor {
  return (next) => async (request) => {
    const token = await options.tokens.mint(options.callee, request.contextValues.get(tenantKey));
    request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
}
