import { Router } from 'express';
import { z } from 'zod';
import type { HospitalOf } from '../ports/hospital.ts';
import { callBackView, callView, lineView } from './json-views.ts';
import { Problem } from './problem.ts';
import { sessionOf } from './session-routes.ts';

const listQuery = z.object({
  clinic: z.uuid().optional(),
  live: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** Calls, newest first, one call with what was said in it, and the people to call back. */
export function callRoutes(hospitalOf: HospitalOf): Router {
  const router = Router();

  router.get('/calls', async (req, res) => {
    const q = listQuery.parse(req.query);
    const found = await hospitalOf(sessionOf(req).tenantId).telephony.listCalls({
      clinicId: q.clinic ?? '',
      liveOnly: q.live,
      limit: q.limit,
      cursor: q.cursor ?? '',
    });
    res.json({ items: found.calls.map(callView), nextCursor: found.nextCursor || null });
  });

  router.get('/calls/:id', async (req, res) => {
    const callId = z.uuid().parse(req.params.id);
    const hospital = hospitalOf(sessionOf(req).tenantId);
    const { calls } = await hospital.telephony.listCalls({ callId, limit: 1 });
    const call = calls[0];
    if (!call) throw new Problem(404, 'not-found', 'There is no such call.');
    const { lines } = await hospital.dialogue.getTranscript({ callId });
    res.json({ ...callView(call), transcript: lines.map(lineView) });
  });

  router.get('/call-backs', async (req, res) => {
    const q = listQuery.parse(req.query);
    const found = await hospitalOf(sessionOf(req).tenantId).telephony.listCallBacks({
      clinicId: q.clinic ?? '',
      limit: q.limit,
    });
    res.json({ items: found.callBacks.map(callBackView) });
  });
  return router;
}
