import express from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { bodyOf, controlKeyRoutes } from './control-routes.ts';

let server: Server;
beforeAll(async () => {
  const routes = controlKeyRoutes('the key');
  routes.post('/', (request, response) => {
    const body = bodyOf(z.object({ calls: z.number() }), request, response);
    if (body) response.json({ seen: body.calls });
  });
  server = express().use(routes).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function post(key: string, body: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

it('serve whoever holds the key', async () => {
  expect(await post('the key', { calls: 3 })).toEqual({ status: 200, body: { seen: 3 } });
});

it('know nobody else', async () => {
  expect(await post('another key', { calls: 3 })).toMatchObject({
    status: 401,
    body: { error: { code: 'unauthorised' } },
  });
});

it('say what is wrong with a body', async () => {
  expect(await post('the key', { calls: 'three' })).toMatchObject({
    status: 422,
    body: { error: { code: 'invalid', message: expect.stringContaining('calls') as string } },
  });
});
