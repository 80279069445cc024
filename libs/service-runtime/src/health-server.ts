import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Component } from './lifecycle.ts';

export interface HealthServer extends Component {
  /** The bound port, once started. */
  readonly port: number;
}

/** False, a rejection or no answer within two seconds: not ready. */
export type HealthCheck = () => boolean | Promise<boolean>;

export interface HealthServerOptions {
  /** 0 picks a free port. */
  port: number;
  /** Default: this machine, or this container, alone. */
  host?: string;
  /**
   * Asked on each `/readyz`, by name. Only what makes *this* process useless: when a check fails because of what all
   * instances share, such as the database, they all leave at once and nobody is left to say what is wrong.
   */
  checks?: Readonly<Record<string, HealthCheck>>;
}

const CHECK_MS_MAX = 2_000;

/**
 * `GET /healthz` answers 200 while the process lives; `GET /readyz` answers 200 while it wants work, and 503 when a check
 * fails and from `drain()` on. The body names the checks: `{"status":"ok","checks":{"started":"ok"}}`.
 */
export function createHealthServer(options: HealthServerOptions): HealthServer {
  let server: Server | undefined;
  let draining = false;

  async function answerTo(path: string): Promise<[status: number, body: object]> {
    if (path === '/healthz') return [200, { status: 'ok' }];
    if (path !== '/readyz') return [404, { status: 'not-found' }];
    if (draining) return [503, { status: 'draining' }];
    const results = await Promise.all(
      Object.entries(options.checks ?? {}).map(
        async ([name, check]) => [name, (await passes(check)) ? 'ok' : 'failed'] as const,
      ),
    );
    const ready = results.every(([, result]) => result === 'ok');
    return [ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) }];
  }

  return {
    name: 'health-server',
    get port() {
      const address = server?.address() as AddressInfo | null | undefined;
      if (!address) throw new Error('the health server has not started');
      return address.port;
    },
    async start() {
      const starting = createServer((request, response) => {
        void answerTo((request.url ?? '').split('?')[0] ?? '').then(([status, body]) => {
          response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
          response.end(JSON.stringify(body));
        });
      });
      server = starting;
      await new Promise<void>((resolve, reject) => {
        starting.once('error', reject);
        starting.listen(options.port, options.host ?? '127.0.0.1', resolve);
      });
    },
    drain() {
      draining = true;
      return Promise.resolve();
    },
    async close() {
      const closing = server;
      if (!closing?.listening) return;
      await new Promise<void>((resolve) => {
        closing.close(() => resolve());
        closing.closeAllConnections();
      });
    },
  };
}

async function passes(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, CHECK_MS_MAX, false);
  });
  try {
    return await Promise.race([Promise.resolve(check()), late]);
  } catch {
    // Not knowing is not being ready; the dependency that failed logs for itself.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
