import { z } from 'zod';
import { createRecentLooks } from '../../app/recent-looks.ts';
import { bearer, startTestApp, type TestApp } from '../../testing/test-app.ts';
import { Problem } from '../problem.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { id, idParams, page, pageOf, pageQuery } from './fields.ts';

const own = '0190a0b0-0000-7000-8000-000000000001';
const ada = { tenantId: own, userId: own, role: 'manager' };
const thing = z.strictObject({ id: z.string(), name: z.string() }).meta({ id: 'Thing' });

const done: string[] = [];
const endpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listThings',
    method: 'get',
    path: '/things',
    summary: 'Things',
    access: 'calls:read',
    query: z.object(pageQuery),
    responses: { 200: pageOf(thing) },
    audit: { action: 'things.list', subject: () => 'flow', personal: true },
    handler: async ({ query }) => ({
      status: 200,
      body: page([{ id: 'a', name: 'A' }], query.cursor === undefined ? 'b' : ''),
    }),
  }),
  endpoint({
    id: 'readThing',
    method: 'get',
    path: '/things/{id}',
    summary: 'One thing',
    access: 'transcripts:read',
    params: idParams,
    responses: { 200: thing },
    audit: { action: 'things.read', subject: ({ params }) => `flow/${params.id}`, personal: true },
    handler: async ({ params }) => {
      if (params.id !== own) throw new Problem(404, 'not-found', 'There is no such thing.');
      return { status: 200, body: { id: params.id, name: 'Mrs Miller' } };
    },
  }),
  endpoint({
    id: 'makeThing',
    method: 'post',
    path: '/things',
    summary: 'Makes a thing',
    access: 'campaigns:write',
    idempotency: 'passed-on',
    body: z.strictObject({ name: z.string().min(1), owner: id.optional() }),
    responses: { 201: thing },
    audit: {
      action: 'things.make',
      subject: (_asked, { body }) => `flow/${(body as { id: string }).id}`,
      details: ({ body }) => ({ letters: body.name.length }),
      personal: true,
    },
    handler: async ({ body, idempotencyKey }) => {
      done.push(idempotencyKey);
      return { status: 201, body: { id: 'new', name: body.name } };
    },
  }),
  endpoint({
    id: 'breakThing',
    method: 'get',
    path: '/broken/{how}',
    summary: 'Breaks its own promises',
    access: 'signed-in',
    params: z.object({ how: z.string() }),
    responses: { 200: thing },
    handler: async ({ params }) => {
      if (params.how === 'status') throw new Problem(418, 'teapot', 'I am one.');
      if (params.how === 'crash') throw new Error('Mrs Miller broke it');
      return { status: 200, body: { id: 'a', name: 'A', secret: 'x' } as { id: string; name: string } };
    },
  }),
  endpoint({
    id: 'exportThings',
    method: 'get',
    path: '/things.csv',
    summary: 'All things',
    access: 'calls:read',
    responses: { 200: { contentType: 'text/csv; charset=utf-8', description: 'Things.' } },
    audit: { action: 'things.export', subject: () => 'flow', personal: true },
    handler: async () => ({
      status: 200,
      text: (async function* () {
        yield 'a\n';
        yield 'b\n';
      })(),
    }),
  }),
];

describe('an endpoint', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startTestApp({ endpoints });
    done.length = 0;
  });
  afterEach(() => app.close());

  it('answers as its schema says, in pages', async () => {
    const first = await app.ask(ada, 'GET', '/things?limit=1');
    expect([first.status, first.body]).toEqual([200, { items: [{ id: 'a', name: 'A' }], next: 'b' }]);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect((await app.ask(ada, 'GET', '/things?limit=1&cursor=b')).body['next']).toBeNull();
  });

  it('asks for a sign-in, then for the permission, which a refusal names', async () => {
    const nobody = await app.ask(undefined, 'GET', '/things');
    expect([nobody.status, nobody.body['code']]).toEqual([401, 'unauthenticated']);
    const refused = await app.ask({ ...ada, role: 'frontdesk' }, 'GET', `/things/${own}`);
    expect(refused.body).toMatchObject({ status: 403, code: 'forbidden', permission: 'transcripts:read' });
    expect((await app.ask({ ...ada, role: 'nobody' }, 'GET', '/things')).status).toBe(403);
    // Who may not is told so before anything of the request is looked at.
    expect((await app.ask({ ...ada, role: 'frontdesk' }, 'POST', '/things', { x: 1 })).status).toBe(403);
  });

  it.each([
    ['GET', '/things?limit=0', undefined, 422],
    ['GET', '/things?limit=many', undefined, 422],
    ['GET', '/things/nonsense', undefined, 422],
    ['POST', '/things', { name: '' }, 422],
    ['POST', '/things', { name: 'A', tenantId: own }, 422],
    ['POST', '/things', [], 422],
    ['GET', '/things/%E0%A4%A', undefined, 400],
  ])('refuses %s %s %j with %i', async (method, path, body, status) => {
    const answer = await app.ask(ada, method, path, body, { 'idempotency-key': 'k' });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  });

  it('takes JSON only, of a bounded size, and readable', async () => {
    const post = (body: string, type = 'application/json') =>
      fetch(`${app.url}/things`, {
        method: 'POST',
        body,
        headers: { ...bearer(ada), 'content-type': type, 'idempotency-key': 'k' },
      });
    expect((await post('{"name":"A"}', 'text/plain')).status).toBe(415);
    expect((await post('{"name":')).status).toBe(400);
    expect((await post(JSON.stringify({ name: 'x'.repeat(70_000) }))).status).toBe(413);
    expect(done).toEqual([]);
  });

  it('wants an Idempotency-Key where it says so, and hands it on', async () => {
    expect((await app.ask(ada, 'POST', '/things', { name: 'A' })).status).toBe(422);
    expect((await app.ask(ada, 'POST', '/things', { name: 'A' }, { 'idempotency-key': 'k1' })).status).toBe(
      201,
    );
    expect(done).toEqual(['k1']);
  });

  it('is an error when it breaks its own schema, or refuses with what it does not declare; says nothing of why', async () => {
    for (const how of ['schema', 'status', 'crash']) {
      const answer = await app.ask(ada, 'GET', `/broken/${how}`);
      expect([how, answer.status, answer.body['code']]).toEqual([how, 500, 'internal']);
      expect(answer.text).not.toMatch(/Miller|secret|teapot/);
    }
  });

  it('only tells the log where answers are not checked', async () => {
    const lenient = await startTestApp({ endpoints, checkAnswers: 'log' });
    try {
      expect((await lenient.ask(ada, 'GET', '/broken/schema')).status).toBe(200);
      expect((await lenient.ask(ada, 'GET', '/broken/status')).status).toBe(418);
    } finally {
      await lenient.close();
    }
  });
});

describe('what an open page asks again and again', () => {
  let app: TestApp;
  let nowMs: number;
  const minute = 60_000;
  beforeEach(async () => {
    nowMs = 0;
    const audited = endpoints.find((one) => one.id === 'listThings')!;
    const polled = { ...audited, audit: { ...audited.audit!, onceInMs: 5 * minute } };
    app = await startTestApp({
      endpoints: [polled, ...endpoints.filter((one) => one !== audited)],
      looks: createRecentLooks({ nowMs: () => nowMs }),
    });
  });
  afterEach(() => app.close());
  const count = () => app.audit.entries.length;

  it('is a line of the audit once in its time, however often it is asked', async () => {
    for (nowMs = 0; nowMs < 15 * minute; nowMs += minute / 2)
      expect((await app.ask(ada, 'GET', '/things?limit=1')).status).toBe(200);
    expect(count()).toBe(3);
  });

  it('is another look for another user, role, filter, and page of the list', async () => {
    const looks = [
      [ada, '/things?limit=1'],
      [ada, '/things?limit=2'],
      [ada, '/things?limit=1&cursor=b'],
      [{ ...ada, userId: '0190a0b0-0000-7000-8000-0000000000e2' }, '/things?limit=1'],
      [{ ...ada, role: 'admin' }, '/things?limit=1'],
    ] as const;
    for (const _again of [1, 2]) for (const [user, path] of looks) await app.ask(user, 'GET', path);
    expect(count()).toBe(looks.length);
  });

  it('is not answered while its line cannot be written, and has one as soon as it can', async () => {
    app.audit.fails = true;
    for (const _again of [1, 2]) expect((await app.ask(ada, 'GET', '/things')).status).toBe(503);
    app.audit.fails = false;
    for (const _again of [1, 2]) expect((await app.ask(ada, 'GET', '/things')).status).toBe(200);
    expect(count()).toBe(1);
  });

  it('leaves a line of every other read, and of every refusal', async () => {
    for (const _again of [1, 2]) {
      await app.ask(ada, 'GET', `/things/${own}`);
      await app.ask({ ...ada, role: 'integrator' }, 'GET', '/things');
    }
    expect(count()).toBe(4);
  });
});

describe('what is audited', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startTestApp({ endpoints });
  });
  afterEach(() => app.close());

  it('is every read and change, with who and on what, and never what was read', async () => {
    await app.ask(ada, 'GET', `/things/${own}`);
    await app.ask(ada, 'POST', '/things', { name: 'Mrs Miller' }, { 'idempotency-key': 'k' });
    await app.ask(ada, 'GET', '/things.csv');
    const who = { tenantId: own, userId: own, role: 'manager', outcome: 'done' };
    expect(app.audit.entries).toEqual([
      { ...who, action: 'things.read', subject: `flow/${own}`, details: {} },
      { ...who, action: 'things.make', subject: 'flow/new', details: { letters: 10 } },
      { ...who, action: 'things.export', subject: 'flow', details: {} },
    ]);
    expect(JSON.stringify(app.audit.entries)).not.toContain('Miller');
  });

  it('is every refused attempt, and nothing that was not there', async () => {
    await app.ask({ ...ada, role: 'frontdesk' }, 'GET', `/things/${own}`);
    await app.ask(ada, 'GET', '/things/0190a0b0-0000-7000-8000-000000000002');
    expect(app.audit.entries).toMatchObject([
      { action: 'readThing', outcome: 'refused', details: { permission: 'transcripts:read' } },
    ]);
  });

  it('is not answered when it cannot be recorded', async () => {
    app.audit.fails = true;
    for (const path of [`/things/${own}`, '/things', '/things.csv']) {
      const answer = await app.ask(ada, 'GET', path);
      expect([path, answer.status, answer.body['code']]).toEqual([path, 503, 'audit-unavailable']);
      expect(answer.text).not.toMatch(/Miller|"A"|a\n/);
    }
    // A refusal stays one.
    expect((await app.ask({ ...ada, role: 'frontdesk' }, 'GET', `/things/${own}`)).status).toBe(403);
  });
});
