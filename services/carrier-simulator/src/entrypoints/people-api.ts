import type { Router } from 'express';
import { z } from 'zod';
import type { Exchange } from '../app/exchange.ts';
import { peopleBody } from '../people/person.ts';
import type { Register } from '../people/register.ts';
import { bodyOf, controlKeyRoutes } from './control-routes.ts';

const carrierBody = z.strictObject({ callsPerSecondMax: z.number().int().min(0).max(1_000) });

/**
 * Who can be called, mounted under `/control`, and what became of the calls: the truth that only the people on the phone
 * know. No carrier has this; the platform is never told of it.
 */
export function peopleRoutes(o: { register: Register; exchange: Exchange; controlKey: string }): Router {
  const routes = controlKeyRoutes(o.controlKey);

  routes.put('/people', (request, response) => {
    const body = bodyOf(peopleBody, request, response);
    if (!body) return;
    o.register.describe(body.people, body.replace);
    response.json({ people: o.register.people.length });
  });
  routes.get('/people', (_request, response) => void response.json({ items: o.register.people }));
  /** Every dialled call since the people were described, oldest first. */
  routes.get('/calls', (request, response) => {
    const { to } = request.query;
    response.json({ items: o.register.calls(typeof to === 'string' ? to : undefined) });
  });
  routes.put('/carrier', (request, response) => {
    const body = bodyOf(carrierBody, request, response);
    if (!body) return;
    o.exchange.limitCallsPerSecond(body.callsPerSecondMax);
    response.json(body);
  });
  return routes;
}
