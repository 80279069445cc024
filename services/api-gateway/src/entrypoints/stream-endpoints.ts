import type { Logger } from '@wardline/observability';
import type { Request } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { streamTokenHash } from '../app/integrator-access.ts';
import { followStream } from '../app/stream-follow.ts';
import type { StreamGuests } from '../app/stream-guests.ts';
import type { EgressSignal } from '../app/egress-signal.ts';
import type { Opener } from '../domain/egress-event.ts';
import { streamStartOf } from '../domain/stream-position.ts';
import type { EgressLog } from '../ports/egress-log.ts';
import { endpoint, handled, type Endpoint } from './kernel/endpoint.ts';
import { Problem } from './problem.ts';

export interface StreamOptions {
  readonly guests: StreamGuests;
  readonly log: Pick<EgressLog, 'read' | 'range'>;
  readonly signal: Pick<EgressSignal, 'watch'>;
  readonly cipher: Opener;
  readonly logger: Logger;
  /** How often a quiet stream shows that it lives. Default 15,000. */
  readonly heartbeatMs?: number;
  /** A reader that takes nothing for so long is let go; it comes back with its position. Default 60,000. */
  readonly stalledMs?: number;
}

/**
 * GET /events/stream with `Authorization: Bearer wl_…`: the hospital's events as Server-Sent Events, `id` the position,
 * `event` the type, `data` a CloudEvent. `Last-Event-ID` (or `?after=`) goes on exactly behind a position.
 */
export function streamEndpoints(o: StreamOptions): Endpoint[] {
  // Tokens cannot be guessed; this only keeps a client gone wrong from asking the database in a loop.
  const refusals = new RateLimiterMemory({ points: 60, duration: 60 });

  async function subscriptionOf(req: Request) {
    const hash = streamTokenHash(bearerOf(req));
    const subscription = hash && (await o.guests.find(hash));
    if (hash && subscription) return { hash, subscription };
    await refusals.consume(req.ip ?? '').catch(() => {
      // The limiter rejects with its counters, not with an error: there is nothing to hand on.
      throw new Problem(429, 'too-many-attempts', 'Too many attempts; please wait a minute.');
    });
    throw new Problem(
      401,
      'token-invalid',
      'This token is not known, or not any more. Send it as "Authorization: Bearer wl_…".',
    );
  }

  return [
    endpoint({
      id: 'followEvents',
      method: 'get',
      path: '/events/stream',
      summary: "The hospital's events for integrators",
      description:
        '`Last-Event-ID` (or `after`; the header wins) goes on exactly behind that position, without gap or repeat.',
      access: 'integrator-token',
      responses: {
        200: {
          contentType: 'text/event-stream',
          description: 'Server-Sent Events: `id` the position, `event` the type, `data` a CloudEvent.',
        },
      },
      problems: {
        400: '`position-malformed`, `position-unknown`, `token-in-query`, `parameter-unknown`.',
        401: '`token-invalid`.',
        410: '`position-gone`: what comes next is not kept any more.',
      },
      // Looked at by the handler, which refuses more than a schema says; here for the document.
      query: z.looseObject({ after: z.unknown().optional() }),
      handler: async ({ req, res }) => {
        refuseTokenInQuery(req);
        res.setHeader('www-authenticate', 'Bearer realm="wardline events"');
        const { hash, subscription } = await subscriptionOf(req);
        res.removeHeader('www-authenticate');
        const after = await startOf(req, o.log, subscription.tenantId);
        const guest = o.guests.enter(hash, subscription);
        if (!guest) {
          res.setHeader('retry-after', '10');
          throw new Problem(429, 'too-many-streams', 'Too many streams are open; close one and try again.');
        }
        const gone = new AbortController();
        res.on('close', () => gone.abort());
        guest.abort.addEventListener('abort', () => {
          // Revoked: not one byte more. Otherwise what is under way is finished.
          if (guest.abort.reason === 'revoked') res.destroy();
        });
        res.setTimeout(o.stalledMs ?? 60_000, () => res.destroy());
        res.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        const text = followStream({
          ...{ log: o.log, signal: o.signal, cipher: o.cipher, subscription, after },
          abort: AbortSignal.any([guest.abort, gone.signal]),
          heartbeatMs: o.heartbeatMs ?? 15_000,
        });
        try {
          await pipeline(Readable.from(text, { highWaterMark: 1 }), res);
        } catch (err) {
          // A client that leaves is no news; the log not answering is. Either way it comes back with its position.
          if (!gone.signal.aborted) o.logger.warn('a stream broke off', { err });
          res.destroy();
        } finally {
          guest.leave();
        }
        return handled;
      },
    }),
  ];
}

function bearerOf(req: Request): string {
  return /^Bearer ([\w-]{1,100})$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
}

/** Addresses end up in logs and histories. A token that was in one is to be replaced, even where it would be right. */
function refuseTokenInQuery(req: Request): void {
  const names = Object.keys(req.query);
  if (names.some((name) => /token|authorization/i.test(name)) || /wl_[\w-]{20,}/.test(req.originalUrl))
    throw new Problem(
      400,
      'token-in-query',
      'A token does not belong in an address. Send it as "Authorization: Bearer wl_…", and rotate this one.',
    );
  const unknown = names.filter((name) => name !== 'after');
  if (unknown.length > 0)
    throw new Problem(400, 'parameter-unknown', 'The only parameter is "after".', { unknown });
}

async function startOf(req: Request, log: Pick<EgressLog, 'range'>, tenantId: string): Promise<bigint> {
  const header = req.headers['last-event-id'];
  const { after } = req.query;
  const { first, last } = await log.range(tenantId);
  const start = streamStartOf(
    {
      lastEventId: header?.toString(),
      after: after === undefined ? undefined : typeof after === 'string' ? after : '',
    },
    { oldest: first, next: last + 1n },
  );
  switch (start.kind) {
    case 'after':
      return start.position;
    case 'malformed':
      throw new Problem(400, 'position-malformed', 'A position is a whole number, as it came in "id".');
    case 'ahead':
      throw new Problem(400, 'position-unknown', 'This log has not come to that position yet.', {
        newest: String(start.newest),
      });
    case 'gone':
      throw new Problem(
        410,
        'position-gone',
        'What comes after that position is no longer kept. Fetch the present state, then begin anew: without a position, or with ?after=0 at the oldest event kept.',
        { oldest: String(start.oldest) },
      );
    default:
      return start satisfies never;
  }
}
