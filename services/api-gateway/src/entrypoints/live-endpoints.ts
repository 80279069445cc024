import type { LiveFeed } from '../app/live-feed.ts';
import { liveKinds, type LiveEntry } from '../domain/live-history.ts';
import { endpoint, handled, type Endpoint } from './kernel/endpoint.ts';
import { Problem } from './problem.ts';

const heartbeatMs = 15_000;
/** A viewer that reads slower than this is dropped; its browser comes back with its position. */
const backlogBytesMax = 256 * 1024;
/** How often it is looked whether the viewer may still watch. */
const admissionMs = 2_000;

/**
 * GET /live: Server-Sent Events. The first is `ready`, or `reset` when it is not known what the viewer has missed since its
 * `Last-Event-ID`: it then fetches the present state. After that one event per change, named by its kind, of the kinds that
 * the viewer's permissions reach.
 */
export function liveEndpoints(
  feed: LiveFeed,
  o: { readonly admissionMs?: number; readonly heartbeatMs?: number } = {},
): Endpoint[] {
  return [
    endpoint({
      id: 'followLive',
      method: 'get',
      path: '/live',
      summary: 'What changes in the hospital, as it happens',
      description: [
        'Server-Sent Events. `Last-Event-ID` goes on exactly behind that event. First `ready`, or `reset` when what was',
        'missed is not known any more. Then, each for those who have the permission:',
        ...Object.entries(liveKinds).map(([kind, permission]) => `- \`${kind}\`: \`${permission}\``),
        '\nEnds when the token does.',
      ].join('\n'),
      access: 'signed-in',
      responses: {
        200: {
          contentType: 'text/event-stream',
          description: 'Server-Sent Events: `id` a position, `event` the kind, `data` JSON.',
        },
      },
      audit: { action: 'live.follow', subject: () => 'live', personal: true },
      handler: async ({ principal, req, res, stillAdmitted }) => {
        const write = (id: string, event: string, data: unknown) => {
          if (res.writableLength > backlogBytesMax) return void res.destroy();
          res.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        };
        const show = ({ id, message }: LiveEntry) => {
          const permission = liveKinds[message.kind];
          if (permission && principal.permissions.has(permission)) write(id, message.kind, message);
        };
        const from = req.headers['last-event-id'];
        const watching = feed.watch(principal.tenantId, show, from?.toString());
        if (!watching)
          throw new Problem(503, 'busy', 'Too many live views are open; close one and try again.');
        const { missed, present, leave } = watching;
        res.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        if (missed === undefined) write(present, 'reset', {});
        else {
          // What is missed comes first, so that a viewer that is cut off right now asks for the rest of it again.
          missed.forEach(show);
          write(present, 'ready', {});
        }
        const heartbeat = setInterval(() => res.write(': \n\n'), o.heartbeatMs ?? heartbeatMs);
        const admission = setInterval(() => {
          stillAdmitted()
            .then((admitted) => void (admitted || res.end()))
            // Who cannot be looked up is let in again by the next request, or not.
            .catch(() => res.end());
        }, o.admissionMs ?? admissionMs);
        res.on('close', () => {
          clearInterval(heartbeat);
          clearInterval(admission);
          leave();
        });
        return handled;
      },
    }),
  ];
}
