import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { createGate } from './gate.ts';
import { createServerInterceptor } from './server-interceptor.ts';
import type { ServiceTokens } from './service-tokens.ts';

export interface RpcServerOptions {
  /** This service's name: the audience that tokens must have. */
  service: string;
  /** Default loopback. */
  host?: string;
  /** 0 picks a free port. */
  port: number;
  tokens: ServiceTokens;
  logger: Logger;
  routes: (router: ConnectRouter) => void;
  /**
   * Which services may call a method, by its full name (`wardline.keyvalue.v1.KeyValueService/Get`, `…/*` for all methods of
   * a service). A method without an entry may be called by every service with a valid token.
   */
  allow?: Record<string, readonly string[]>;
}

export interface RpcServer extends Component {
  /** The bound port, once started. */
  readonly port: number;
  /** `http://host:port`, once started. */
  readonly baseUrl: string;
}

export const MESSAGE_BYTES_MAX = 1024 * 1024;
/** A unary handler is told to give up after this, whatever deadline the caller asked for. */
const TIMEOUT_MS_MAX = 10 * 60_000;

/**
 * An RPC server: gRPC over HTTP/2 without TLS (loopback, or a mesh that encrypts), every call authenticated before its
 * body is read, messages up to 1 MB.
 *
 * `drain()` refuses new connections and waits for unary calls in progress. `close()` aborts the handlers' signals, which
 * ends streams, and destroys what is left.
 */
export function createRpcServer(options: RpcServerOptions): RpcServer {
  const host = options.host ?? '127.0.0.1';
  const sessions = new Set<ServerHttp2Session>();
  const shutdown = new AbortController();
  const inFlight = createInFlight();
  let server: Http2Server | undefined;
  let closing: Promise<void> | undefined;

  function listenerOf(): Http2Server {
    const handle = connectNodeAdapter({
      routes: options.routes,
      grpc: true,
      grpcWeb: false,
      connect: false,
      readMaxBytes: MESSAGE_BYTES_MAX,
      writeMaxBytes: MESSAGE_BYTES_MAX,
      maxTimeoutMs: TIMEOUT_MS_MAX,
      shutdownSignal: shutdown.signal,
      requestGate: createGate(options),
      interceptors: [createServerInterceptor(options.logger, inFlight)],
    });
    const created = createServer((request, response) => handle(request, response));
    created.on('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      session.on('error', (error) => options.logger.debug('rpc session failed', { err: error }));
    });
    return created;
  }

  function portOf(): number {
    const address = server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error('the RPC server has not started');
    return address.port;
  }

  function refuseNew(): void {
    server?.close();
    for (const session of sessions) session.close();
  }

  async function closeAll(): Promise<void> {
    const closed = server?.listening || sessions.size > 0;
    if (!server || !closed) return;
    shutdown.abort();
    refuseNew();
    // One turn of the event loop lets aborted handlers write their status before the sockets go.
    await new Promise((resolve) => setImmediate(resolve));
    for (const session of sessions) session.destroy();
  }

  return {
    name: `rpc-server ${options.service}`,
    get port() {
      return portOf();
    },
    get baseUrl() {
      return `http://${host}:${portOf()}`;
    },
    async start() {
      const starting = listenerOf();
      server = starting;
      await new Promise<void>((resolve, reject) => {
        starting.once('error', reject);
        starting.listen(options.port, host, () => {
          starting.off('error', reject);
          resolve();
        });
      });
    },
    async drain() {
      refuseNew();
      await inFlight.none();
    },
    close() {
      return (closing ??= closeAll());
    },
  };
}

export interface InFlight {
  enter(): void;
  leave(): void;
  /** Resolves when nothing is in progress. */
  none(): Promise<void>;
}

function createInFlight(): InFlight {
  let count = 0;
  const waiting: (() => void)[] = [];
  return {
    enter: () => void (count += 1),
    leave() {
      count -= 1;
      if (count === 0) for (const wake of waiting.splice(0)) wake();
    },
    none: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
