import { createServer, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { WebSocketServer } from 'ws';
import type { CallMetrics } from '../telemetry/call-metrics.ts';
import { frameBytesMax, MediaSocket, MediaWebSocket, type MediaSocketDeps } from './media-socket.ts';
import type { StreamGate } from './stream-token.ts';

export interface MediaServer extends Component {
  /** The bound port, once started. */
  readonly port: number;
  readonly connections: number;
}

const mediaPath = '/media/telnyx';
const heartbeatMs = 10_000;
const idleMsMax = 30_000;

export interface MediaServerOptions {
  readonly host: string;
  readonly port: number;
  readonly connectionsMax: number;
  readonly startWaitMs: number;
  readonly gate: StreamGate;
  readonly logger: Logger;
  readonly metrics: CallMetrics;
  readonly startCall: MediaSocketDeps['startCall'];
}

/** The carrier's way in: `GET /media/telnyx?token=…` upgraded to a WebSocket, and `GET /healthz`. */
export function createMediaServer(o: MediaServerOptions): MediaServer {
  const sockets = new Set<MediaSocket>();
  /** Admitted, but the socket does not exist yet: counted, so that a burst cannot pass the limit. */
  let admitting = 0;
  let draining = false;
  let heartbeat: NodeJS.Timeout | undefined;
  let whenEmpty: (() => void) | undefined;

  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: frameBytesMax,
    clientTracking: false,
    WebSocket: MediaWebSocket,
  });

  const server = createServer((request, response) => {
    const known = request.method === 'GET' && request.url === '/healthz';
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { status: 'ok', calls: sockets.size } : { status: 'not found' }));
  });
  // Headers must come soon; what follows an upgrade is not HTTP and not bound by this.
  server.headersTimeout = 5_000;

  server.on('upgrade', (request, socket, head) => {
    // Without a listener a reset during the check would end the process.
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head).catch((err: unknown) => {
      o.logger.error('upgrade failed', { err });
      refuse(socket, 500, 'failed');
    });
  });

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = URL.parse(request.url ?? '', 'ws://media.invalid');
    if (url?.pathname !== mediaPath) return refuse(socket, 404, 'unknown path');
    if (draining || sockets.size + admitting >= o.connectionsMax) return refuse(socket, 503, 'no capacity');
    admitting += 1;
    try {
      const permit = await o.gate.admit(url.searchParams.get('token') ?? undefined);
      if ('refused' in permit) return refuse(socket, 401, `token ${permit.refused}`);
      webSockets.handleUpgrade(request, socket, head, (ws) => {
        request.socket.setNoDelay(true);
        const logger = o.logger.child({ callId: permit.facts.callId });
        const media = new MediaSocket(ws, permit, {
          logger,
          metrics: o.metrics,
          startCall: o.startCall,
          startWaitMs: o.startWaitMs,
          onClosed: () => {
            sockets.delete(media);
            if (sockets.size === 0) whenEmpty?.();
          },
        });
        sockets.add(media);
      });
    } finally {
      admitting -= 1;
    }
  }

  function refuse(socket: Duplex, status: number, reason: string): void {
    o.logger.warn('media connection refused', { status, reason });
    o.metrics.socketRefused(reason);
    if (socket.destroyed) return;
    const challenge = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : '';
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${challenge}Connection: close\r\nContent-Length: 0\r\n\r\n`,
    );
  }

  return {
    name: 'media-server',
    get port() {
      const address = server.address() as AddressInfo | null;
      if (address === null) throw new Error('the media server has not started');
      return address.port;
    },
    get connections() {
      return sockets.size;
    },
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(o.port, o.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      heartbeat = setInterval(() => {
        const now = performance.now();
        for (const socket of sockets) socket.checkAlive(now, idleMsMax);
      }, heartbeatMs);
    },
    async drain() {
      draining = true;
      if (sockets.size === 0) return;
      await new Promise<void>((resolve) => {
        whenEmpty = resolve;
      });
    },
    async close() {
      draining = true;
      clearInterval(heartbeat);
      // 1012: the service restarts; telephony-gateway's sweeper starts another stream.
      for (const socket of sockets) socket.close(1012, 'service restarts');
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1_200).unref();
      });
    },
  };
}
