import {
  asyncApiDocument,
  eventsPage,
  publicEvents,
  schemaDocument,
  type PublicEvent,
} from '@wardline/contracts/documentation';
import { Router, type Request } from 'express';
import { Problem } from './problem.ts';

/** A host that may stand in a document: what a request calls us by is its own business otherwise. */
const hostShape = /^[a-z0-9.-]{1,253}(:\d{1,5})?$/i;

/**
 * What integrators read, for everybody, since it says nothing of any hospital: `/docs/events`,
 * `/api/v1/events/asyncapi.json` and `/api/v1/events/schemas/<Event>.json`.
 */
export function eventDocumentationRoutes(o: {
  /** Where this installation is reached; else as the request calls it. */
  readonly publicUrl?: string | undefined;
  readonly topicPrefix?: string | undefined;
}): Router {
  const router = Router();
  let known: PublicEvent[] | undefined;
  const events = () => (known ??= publicEvents());
  const urlOf = (req: Request): string => {
    const host = req.headers.host ?? '';
    const called = hostShape.test(host) ? `${req.protocol}://${host}` : 'https://wardline.example';
    return (o.publicUrl ?? called).replace(/\/+$/, '');
  };

  router.use(
    ['/docs/events', '/api/v1/events/asyncapi.json', '/api/v1/events/schemas'],
    (_req, res, next) => {
      // Asked for anew each time, and answered with 304 where nothing has changed.
      res.setHeader('cache-control', 'no-cache');
      next();
    },
  );
  router.get('/docs/events', (req, res) => {
    res.type('html').send(eventsPage(events(), { publicUrl: urlOf(req) }));
  });
  router.get('/api/v1/events/asyncapi.json', (req, res) => {
    const { topicPrefix } = o;
    res.json(
      asyncApiDocument(events(), {
        publicUrl: urlOf(req),
        ...(topicPrefix === undefined ? {} : { topicPrefix }),
      }),
    );
  });
  router.get('/api/v1/events/schemas/:file', (req, res) => {
    const event = events().find(({ name }) => `${name}.json` === req.params.file);
    if (!event) {
      const names = events().map(({ name }) => `${name}.json`);
      throw new Problem(404, 'not-found', 'There is no such schema.', { schemas: names });
    }
    res.type('application/schema+json').send(JSON.stringify(schemaDocument(event.message)));
  });
  return router;
}
