import { setTimeout as delay } from 'node:timers/promises';
import express, { type Response, type Router } from 'express';
import { isCommandName } from '../app/call-commands.ts';
import { ExchangeFull, type Exchange } from '../app/exchange.ts';
import { errorBody, unauthorised, unknownCall, type CommandError } from '../domain/command-errors.ts';
import { legStatus } from '../domain/leg.ts';
import { presents } from './bearer.ts';

const refuse = (response: Response, error: CommandError) =>
  response.status(error.status).json(errorBody(error));

const notJson: CommandError = {
  status: 400,
  code: '10015',
  title: 'Bad Request',
  detail: 'The request body is not valid JSON.',
};
const tooManyCalls: CommandError = {
  status: 403,
  code: '90042',
  title: 'Channel limit exceeded',
  detail: 'No further calls can be placed.',
};

/** Telnyx Call Control v2, mounted under `/v2`: the paths, codes and bodies that its SDK uses. */
export function callControlRoutes(o: { exchange: Exchange; apiKey: string }): Router {
  const routes = express.Router();
  routes.use((request, response, next) => {
    if (presents(request, o.apiKey)) next();
    else refuse(response, unauthorised);
  });
  routes.use(express.json({ limit: '256kb', type: () => true }));
  routes.use(
    (_error: unknown, _request: express.Request, response: Response, _next: express.NextFunction) => {
      refuse(response, notJson);
    },
  );

  routes.post('/calls', async (request, response) => {
    try {
      const result = o.exchange.dial(request.body);
      if ('error' in result) return void refuse(response, result.error);
      if (result.answerDelayMs > 0) await delay(result.answerDelayMs);
      // Dialling is asynchronous: the carrier says so by an answer that is not alive yet.
      response.json({ data: { ...legStatus(result.leg, new Date()), is_alive: false } });
    } catch (error) {
      if (!(error instanceof ExchangeFull)) throw error;
      refuse(response, tooManyCalls);
    }
  });
  routes.get('/calls/:id', (request, response) => {
    const data = o.exchange.status(request.params.id);
    if (data) response.json({ data });
    else refuse(response, unknownCall);
  });
  routes.post('/calls/:id/actions/:action', (request, response) => {
    const { id, action } = request.params;
    const error = isCommandName(action) ? o.exchange.command(id, action, request.body) : unknownCall;
    if (error) refuse(response, error);
    else response.json({ data: { result: 'ok' } });
  });
  routes.use((_request, response) => void refuse(response, unknownCall));
  return routes;
}
