import { Router, type Request } from 'express';
import { z } from 'zod';
import type { DeadLetterRelease } from '../app/dead-letter-release.ts';
import type { DeadLetterFilter, DeadLetterStoreOf } from '../ports/dead-letter-store.ts';
import { deadLetterView, parkedView } from './dead-letter-views.ts';
import { Problem } from './problem.ts';
import { sessionOf } from './session-routes.ts';

const listQuery = z.object({
  group: z.string().min(1).max(200).optional(),
  topic: z.string().min(1).max(200).optional(),
  key: z.string().min(1).max(500).optional(),
  since: z.iso.datetime().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const noSuchLetter = () =>
  new Problem(404, 'not-found', 'There is no such failed event; it may have been released already.');

/**
 * Under /operations: events that could not be handled, and keys that are being retried. Replay and discard let a key go on;
 * who may is a matter of role.
 */
export function deadLetterRoutes(o: { storeOf: DeadLetterStoreOf; releases: DeadLetterRelease }): Router {
  const router = Router();
  const storeOf = (req: Request) => o.storeOf(sessionOf(req).tenantId);

  router.get('/operations/dead-letters', async (req, res) => {
    const letters = await storeOf(req).deadLetters(filterOf(req));
    res.json({ items: letters.map(deadLetterView), mayRelease: o.releases.isAllowed(sessionOf(req)) });
  });

  router.get('/operations/dead-letters/:id', async (req, res) => {
    const letter = await storeOf(req).deadLetter(z.uuid().parse(req.params.id));
    if (!letter) throw noSuchLetter();
    res.json({ ...deadLetterView(letter), mayRelease: o.releases.isAllowed(sessionOf(req)) });
  });

  for (const how of ['replay', 'discard'] as const) {
    router.post(`/operations/dead-letters/:id/${how}`, async (req, res) => {
      const outcome = await o.releases.release(sessionOf(req), z.uuid().parse(req.params['id']), how);
      if (outcome.kind === 'not-found') throw noSuchLetter();
      if (outcome.kind === 'not-allowed')
        throw new Problem(403, 'not-allowed', 'Your role may see failed events, but not release them.');
      res.json({ action: how, ...outcome.released });
    });
  }

  router.get('/operations/parked', async (req, res) => {
    const parked = await storeOf(req).parkedKeys(filterOf(req));
    res.json({ items: parked.map(parkedView) });
  });
  return router;
}

function filterOf(req: Request): DeadLetterFilter {
  const { group, topic, key, since, limit } = listQuery.parse(req.query);
  return {
    limit,
    ...(group === undefined ? {} : { group }),
    ...(topic === undefined ? {} : { topic }),
    ...(key === undefined ? {} : { key }),
    ...(since === undefined ? {} : { withinMs: Math.max(0, Date.now() - Date.parse(since)) }),
  };
}
