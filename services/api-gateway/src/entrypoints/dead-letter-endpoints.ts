import { z } from 'zod';
import type { DeadLetterRelease } from '../app/dead-letter-release.ts';
import type { DeadLetterFilter, DeadLetterStoreOf } from '../ports/dead-letter-store.ts';
import { deadLetterSchema, deadLetterView, parkedSchema, parkedView } from './dead-letter-views.ts';
import { auditedChanges, endpoint, type Endpoint } from './kernel/endpoint.ts';
import { given, idParams, limit, page, pageOf, instantIn } from './kernel/fields.ts';
import { Problem } from './problem.ts';

const listQuery = z.object({
  group: z.string().min(1).max(200).optional(),
  topic: z.string().min(1).max(200).optional(),
  key: z.string().min(1).max(500).optional(),
  since: instantIn.optional(),
  limit: limit(500, 100),
});

function filterOf({ since, ...filter }: z.output<typeof listQuery>): DeadLetterFilter {
  const withinMs = since === undefined ? undefined : Math.max(0, Date.now() - since.getTime());
  return { limit: filter.limit, ...given({ ...filter, withinMs }) };
}

const noSuchLetter = () =>
  new Problem(404, 'not-found', 'There is no such failed event; it may have been released already.');

const mayRelease = z.boolean().describe('Whether the signed-in user may replay and discard.');
const effects = {
  replay: 'Handles a failed event again; what waits behind it follows in order',
  discard: 'Leaves a failed event out; what waits behind it follows in order',
} as const;

/** Under /operations: events that could not be handled, and keys that are being retried. */
export function deadLetterEndpoints(o: {
  storeOf: DeadLetterStoreOf;
  releases: DeadLetterRelease;
}): Endpoint[] {
  return auditedChanges('dead-letter', [
    endpoint({
      id: 'listDeadLetters',
      method: 'get',
      path: '/operations/dead-letters',
      summary: 'Events that a group has given up on, newest first',
      access: 'operations:read',
      query: listQuery,
      responses: { 200: pageOf(deadLetterSchema).extend({ mayRelease }) },
      handler: async ({ principal, query }) => {
        const letters = await o.storeOf(principal.tenantId).deadLetters(filterOf(query));
        return {
          status: 200,
          body: {
            ...page(letters.map(deadLetterView)),
            mayRelease: principal.permissions.has('operations:manage'),
          },
        };
      },
    }),
    endpoint({
      id: 'getDeadLetter',
      method: 'get',
      path: '/operations/dead-letters/{id}',
      summary: 'One event that a group has given up on',
      access: 'operations:read',
      params: idParams,
      responses: { 200: deadLetterSchema.extend({ mayRelease }) },
      handler: async ({ principal, params }) => {
        const letter = await o.storeOf(principal.tenantId).deadLetter(params.id);
        if (!letter) throw noSuchLetter();
        return {
          status: 200,
          body: { ...deadLetterView(letter), mayRelease: principal.permissions.has('operations:manage') },
        };
      },
    }),
    ...(['replay', 'discard'] as const).map((how) =>
      endpoint({
        id: `${how}DeadLetter`,
        method: 'post',
        path: `/operations/dead-letters/{id}/${how}`,
        summary: effects[how],
        access: 'operations:manage',
        params: idParams,
        responses: {
          200: z.strictObject({
            action: z.enum(['replay', 'discard']),
            id: z.string(),
            group: z.string(),
            topic: z.string(),
            key: z.string(),
            heldKey: z.boolean(),
            waiting: z.int(),
          }),
        },
        handler: async ({ principal, params }) => {
          const released = await o.releases.release(principal, params.id, how);
          if (!released) throw noSuchLetter();
          return { status: 200, body: { action: how, ...released } };
        },
      }),
    ),
    endpoint({
      id: 'listParkedKeys',
      method: 'get',
      path: '/operations/parked',
      summary: 'Keys that failed and are retried by themselves, the next due first',
      access: 'operations:read',
      query: listQuery,
      responses: { 200: pageOf(parkedSchema) },
      handler: async ({ principal, query }) => {
        const parked = await o.storeOf(principal.tenantId).parkedKeys(filterOf(query));
        return { status: 200, body: page(parked.map(parkedView)) };
      },
    }),
  ]);
}
