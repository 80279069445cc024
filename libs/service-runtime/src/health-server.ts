import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Component } from './lifecycle.ts';

export interface HealthServer extends Component {
  /** The bound port, once started. */
  readonly port: number;
}

export interface HealthServerOptions {
  /** 0 picks a free port. */
  port: number;
  host?: string;
  /** Asked on each `/readyz`; false or a rejection is 503. Default: ready from start until drain. */
  isReady?: () => boolean | Promise<boolean>;
}

/**
 * `GET /healthz` answers 200 while the process lives; `GET /readyz` answers 200 while it wants work and 503 from `drain()`
 * on. Put it first among the components: then it starts first and drains last, and list the services after it.
 */
export function createHealthServer(options: HealthServerOptions): HealthServer {
  let server: Server | undefined;
  let draining = false;

  async function ready(): Promise<boolean> {
    if (draining) return false;
    try {
      return (await options.isReady?.()) ?? true;
    } catch {
      // Not knowing is not being ready; the dependency that failed logs for itself.
      return false;
    }
  }

  async function statusOf(path: string): Promise<number> {
    if (path === '/healthz') return 200;
    if (path === '/readyz') return (await ready()) ? 200 : 503;
    return 404;
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
        void statusOf((request.url ?? '').split('?')[0] ?? '').then((status) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ status: status === 200 ? 'ok' : 'unavailable' }));
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
