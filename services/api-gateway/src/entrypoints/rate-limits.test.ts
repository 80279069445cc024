import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { z } from 'zod';
import { createRateLimitStore } from '../adapters/key-value-rate-limit-store.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { createRateLimits } from './rate-limits.ts';

const responses = { 200: z.strictObject({}) };
const of = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  ...endpoint({
    id,
    method: 'get',
    path: `/${id}`,
    summary: id,
    access: 'signed-in',
    responses,
    handler: async () => ({ status: 200, body: {} }),
  }),
  ...more,
});
const endpoints = [
  of('usual'),
  of('rare', { perMinute: 2 }),
  of('open', { access: 'public' }),
  of('carrier', { access: 'carrier-signature' }),
];
const ada = { tenantId: 'a', userId: 'ada' };
const bob = { tenantId: 'a', userId: 'bob' };

describe('limits to how often somebody may ask', () => {
  const apps: TestApp[] = [];
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

  /** Two instances that share what they count. */
  async function start() {
    // The beginning of a window that has not begun.
    let at = Math.ceil(Date.now() / 10_000) * 10_000;
    const keyValue = createMemoryKeyValue({ now: () => at });
    for (let n = 0; n < 2; n++) {
      const { limit, limitEndpoint } = createRateLimits({
        storeOf: (prefix, windowMs) =>
          createRateLimitStore(keyValue, { prefix, windowMs, logger: createSilentLogger(), now: () => at }),
        limits: {
          user: { requestsMax: 4, windowMs: 10_000 },
          address: { requestsMax: 3, windowMs: 10_000 },
        },
      });
      apps.push(await startTestApp({ endpoints, limit, limitEndpoint }));
    }
    let turn = 0;
    const ask = (user: typeof ada | undefined, path: string) => apps[turn++ % 2]!.ask(user, 'GET', path);
    return { ask, keyValue, pass: (ms: number) => void (at += ms) };
  }

  it('are per user, over all instances, and told with the time to wait', async () => {
    const { ask, pass } = await start();
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await ask(ada, '/usual')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    const refused = await ask(ada, '/usual');
    expect(refused.body).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(bob, '/usual')).status).toBe(200);
    pass(10_000);
    expect((await ask(ada, '/usual')).status).toBe(200);
  });

  it('are per address for those who are not signed in, whatever they show', async () => {
    const { ask } = await start();
    for (const path of ['/usual', '/open', '/usual']) await ask(undefined, path);
    expect((await ask(undefined, '/usual')).status).toBe(429);
    expect((await ask(undefined, '/open')).status).toBe(429);
    expect((await ask(ada, '/usual')).status).toBe(200);
    expect((await ask(undefined, '/carrier')).status).toBe(200);
  });

  it('are lower where an endpoint says so, for the whole hospital', async () => {
    const { ask } = await start();
    expect((await ask(ada, '/rare')).status).toBe(200);
    expect((await ask(bob, '/rare')).status).toBe(200);
    expect((await ask(ada, '/rare')).status).toBe(429);
    expect((await ask(ada, '/usual')).status).toBe(200);
    expect((await ask({ tenantId: 'b', userId: 'eve' }, '/rare')).status).toBe(200);
  });

  it('do not stop anybody while nothing can be counted', async () => {
    const { ask, keyValue } = await start();
    keyValue.increment = () => Promise.reject(new Error('away'));
    for (let n = 0; n < 6; n++) expect((await ask(ada, '/usual')).status).toBe(200);
  });
});
