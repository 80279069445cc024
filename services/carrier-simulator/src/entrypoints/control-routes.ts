import express, { type Response, type Router } from 'express';
import { z } from 'zod';
import { presents } from './bearer.ts';

/** An empty set of routes for whoever holds the control key; bodies are JSON, in which recorded lines may travel. */
export function controlKeyRoutes(controlKey: string): Router {
  const routes = express.Router();
  routes.use((request, response, next) => {
    if (presents(request, controlKey)) next();
    else
      response
        .status(401)
        .json({ error: { code: 'unauthorised', message: 'the control key is missing or wrong' } });
  });
  routes.use(express.json({ limit: '16mb' }));
  return routes;
}

/** The body as the schema has it; undefined when it is not, which has then been answered. */
export function bodyOf<S extends z.ZodType>(
  schema: S,
  request: { readonly body?: unknown },
  response: Response,
): z.output<S> | undefined {
  const body = schema.safeParse(request.body);
  if (body.success) return body.data;
  response.status(422).json({ error: { code: 'invalid', message: z.prettifyError(body.error) } });
  return undefined;
}
