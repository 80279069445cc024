import type { Router } from 'express';
import { z } from 'zod';
import { ExchangeFull, type Exchange, type PlacedCall } from '../app/exchange.ts';
import { LineUnusable } from '../app/prepare-lines.ts';
import { stereoWav } from '../domain/sample-log.ts';
import { parseScenario, ScenarioInvalid } from '../scenario/scenario.ts';
import type { LineClock } from '../ports/line-clock.ts';
import { bodyOf, controlKeyRoutes } from './control-routes.ts';

const number = z.string().regex(/^\+\d{8,15}$/, 'must be a number in E.164');
/** What stands where a caller withholds their number. */
const withheld = z.literal('anonymous');
const placeBody = z.object({ scenario: z.unknown(), to: number, from: z.union([number, withheld]) });

/**
 * How people and harnesses use the simulator, mounted under `/sim`; no carrier has this. A call's id here is its
 * `call_control_id`.
 */
export function controlRoutes(o: { exchange: Exchange; controlKey: string; clock: LineClock }): Router {
  const routes = controlKeyRoutes(o.controlKey);

  routes.post('/calls', async (request, response) => {
    const body = bodyOf(placeBody, request, response);
    if (!body) return;
    try {
      const scenario = parseScenario(body.scenario, 'scenario');
      const call = await o.exchange.place({ scenario, from: body.from, to: body.to });
      response.status(201).json(describe(call, o.clock));
    } catch (error) {
      if (error instanceof ScenarioInvalid || error instanceof LineUnusable) {
        const problems = error instanceof ScenarioInvalid ? error.problems : [];
        response.status(422).json({ error: { code: error.code, message: error.message, problems } });
      } else if (error instanceof ExchangeFull) {
        response.status(429).json({ error: { code: error.code, message: error.message } });
      } else throw error;
    }
  });
  routes.get('/calls/:id', (request, response) => {
    const call = o.exchange.find(request.params.id);
    if (call) response.json(describe(call, o.clock));
    else response.status(404).json({ error: { code: 'not-found', message: 'no such call' } });
  });
  routes.get('/calls/:id/audio.wav', (request, response) => {
    const line = o.exchange.find(request.params.id)?.session.line;
    if (!line)
      return void response.status(404).json({ error: { code: 'not-found', message: 'no such call' } });
    response.type('audio/wav').send(Buffer.from(stereoWav(line.callerAudio.all(), line.agentAudio.all())));
  });
  routes.post('/calls/:id/hangup', (request, response) => {
    const call = o.exchange.find(request.params.id);
    if (!call)
      return void response.status(404).json({ error: { code: 'not-found', message: 'no such call' } });
    call.session.end('normal_clearing', 'caller', 'hung up by the harness');
    response.json(describe(call, o.clock));
  });
  return routes;
}

function describe(call: PlacedCall, clock: LineClock) {
  const { session, lane, scenario } = call;
  const { record, line, leg } = session;
  return {
    id: leg.callControlId,
    callSessionId: leg.callSessionId,
    callLegId: leg.callLegId,
    scenario: scenario.name,
    from: leg.from,
    to: leg.to,
    startedAt: leg.startedAt.toISOString(),
    state: leg.state,
    elapsedMs: line.nowMs,
    answeredAtMs: record.answeredAtMs ?? null,
    end: record.end ?? null,
    transfers: record.transfers,
    streams: record.streams,
    violations: record.violations,
    timeline: [...record.timeline].sort((a, b) => a.atMs - b.atMs),
    webhooks: lane.deliveries,
    metrics: record.metrics(line),
    /** The simulator's own lateness since this was last asked: what a figure may owe to us. */
    clockLagMsMax: clock.lag().msMax,
  };
}

export type CallReport = ReturnType<typeof describe>;
