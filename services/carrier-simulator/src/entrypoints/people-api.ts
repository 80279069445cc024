import express, { type Router } from 'express';
import { z } from 'zod';
import type { Exchange } from '../app/exchange.ts';
import { peopleBody } from '../people/person.ts';
import type { Register } from '../people/register.ts';
import { presents } from './bearer.ts';

const carrierBody = z.strictObject({ callsPerSecondMax: z.number().int().min(0).max(1_000) });

/**
 * Who can be called, mounted under `/control`, and what became of the calls: the truth that only the people on the phone
 * know. No carrier has this; the platform is never told of it.
 */
export function peopleRoutes(o: { register: Register; exchange: Exchange; controlKey: string }): Router {
  const routes = express.Router();
  routes.use((request, response, next) => {
    if (presents(request, o.controlKey)) next();
    else
      response
        .status(401)
        .json({ error: { code: 'unauthorised', message: 'the control key is missing or wrong' } });
  });
  routes.use(express.json({ limit: '16mb' }));

  routes.put('/people', (request, response) => {
    const body = peopleBody.safeParse(request.body);
    if (!body.success) {
      response.status(422).json({ error: { code: 'invalid', message: z.prettifyError(body.error) } });
      return;
    }
    o.register.describe(body.data.people, body.data.replace);
    response.json({ people: o.register.people.length });
  });
  routes.get('/people', (_request, response) => void response.json({ items: o.register.people }));
  /** Every dialled call since the people were described, oldest first. */
  routes.get('/calls', (request, response) => {
    const { to } = request.query;
    response.json({ items: o.register.calls(typeof to === 'string' ? to : undefined) });
  });
  routes.put('/carrier', (request, response) => {
    const body = carrierBody.safeParse(request.body);
    if (!body.success) {
      response.status(422).json({ error: { code: 'invalid', message: z.prettifyError(body.error) } });
      return;
    }
    o.exchange.limitCallsPerSecond(body.data.callsPerSecondMax);
    response.json(body.data);
  });
  return routes;
}
