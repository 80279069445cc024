import {
  asyncApiDocument,
  eventsPage,
  publicEvents,
  schemaDocument,
  type PublicEvent,
} from '@wardline/contracts/documentation';
import type { Request } from 'express';
import { z } from 'zod';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { Problem } from './problem.ts';

/** A host that may stand in a document: what a request calls us by is its own business otherwise. */
const hostShape = /^[a-z0-9.-]{1,253}(:\d{1,5})?$/i;

/** Where this installation is reached; else as the request calls it. */
export function publicUrlOf(req: Request, publicUrl: string | undefined): string {
  const host = req.headers.host ?? '';
  const called = hostShape.test(host) ? `${req.protocol}://${host}` : 'https://wardline.example';
  return (publicUrl ?? called).replace(/\/+$/, '');
}

// Asked for anew each time, and answered with 304 where nothing has changed.
const anew = { 'cache-control': 'no-cache' };

/**
 * What integrators read, for everybody, since it says nothing of any hospital: `/docs/events`,
 * `/api/v1/events/asyncapi.json` and `/api/v1/events/schemas/<Event>.json`.
 */
export function eventDocumentationEndpoints(o: {
  readonly publicUrl?: string | undefined;
  readonly topicPrefix?: string | undefined;
}): Endpoint[] {
  let known: PublicEvent[] | undefined;
  const events = () => (known ??= publicEvents());

  return [
    endpoint({
      id: 'readEventsPage',
      method: 'get',
      path: '/docs/events',
      root: true,
      summary: 'What integrators receive, as a page',
      access: 'public',
      responses: { 200: { contentType: 'text/html; charset=utf-8', description: 'A page.' } },
      handler: async ({ req }) => ({
        status: 200,
        text: eventsPage(events(), { publicUrl: publicUrlOf(req, o.publicUrl) }),
        headers: anew,
      }),
    }),
    endpoint({
      id: 'getAsyncApi',
      method: 'get',
      path: '/events/asyncapi.json',
      summary: 'What integrators receive, as AsyncAPI 3',
      access: 'public',
      responses: { 200: z.record(z.string(), z.unknown()) },
      handler: async ({ req }) => ({
        status: 200,
        headers: anew,
        body: asyncApiDocument(events(), {
          publicUrl: publicUrlOf(req, o.publicUrl),
          ...(o.topicPrefix === undefined ? {} : { topicPrefix: o.topicPrefix }),
        }) as unknown as Record<string, unknown>,
      }),
    }),
    endpoint({
      id: 'getEventSchema',
      method: 'get',
      path: '/events/schemas/{file}',
      summary: 'JSON Schema of one event',
      access: 'public',
      params: z.object({ file: z.string().max(200) }),
      responses: { 200: { contentType: 'application/schema+json', description: 'JSON Schema 2020-12.' } },
      handler: async ({ params }) => {
        const event = events().find(({ name }) => `${name}.json` === params.file);
        if (!event) {
          const names = events().map(({ name }) => `${name}.json`);
          throw new Problem(404, 'not-found', 'There is no such schema.', { schemas: names });
        }
        return { status: 200, text: JSON.stringify(schemaDocument(event.message)), headers: anew };
      },
    }),
  ];
}
