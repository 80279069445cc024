import type { LiveFeed } from '../app/live-feed.ts';
import { endpoint, handled, type Endpoint } from './kernel/endpoint.ts';
import { Problem } from './problem.ts';

const heartbeatMs = 15_000;
/** A viewer that reads slower than this is dropped; its browser comes back and fetches the present state. */
const backlogBytesMax = 256 * 1024;

/**
 * GET /live: Server-Sent Events. The first event is `ready`; then one event per change, named by its kind: `partial` and
 * `line` (transcript), `call`, `appointment`, `message`.
 */
export function liveEndpoints(feed: LiveFeed): Endpoint[] {
  return [
    endpoint({
      id: 'followLive',
      method: 'get',
      path: '/live',
      summary: 'What changes in the hospital, as it happens',
      access: 'calls:read',
      responses: {
        200: {
          contentType: 'text/event-stream',
          description: 'Server-Sent Events: `ready`, then one per change, named by its kind.',
        },
      },
      audit: { action: 'live.follow', subject: () => 'live', personal: true },
      handler: async ({ principal, res }) => {
        const send = (event: string, data: unknown) => {
          if (res.writableLength > backlogBytesMax) return void res.destroy();
          res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        };
        const leave = feed.watch(principal.tenantId, (message) => send(message.kind, message));
        if (!leave) throw new Problem(503, 'busy', 'Too many live views are open; close one and try again.');
        res.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        send('ready', {});
        const heartbeat = setInterval(() => res.write(': \n\n'), heartbeatMs);
        // What a viewer showed runs out; then it does not keep watching.
        const expiry = setTimeout(
          () => res.end(),
          Math.min(principal.expiresAt.getTime() - Date.now(), 2 ** 31 - 1),
        );
        res.on('close', () => {
          clearInterval(heartbeat);
          clearTimeout(expiry);
          leave();
        });
        return handled;
      },
    }),
  ];
}
