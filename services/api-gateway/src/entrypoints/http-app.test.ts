import { startTestApp, type TestApp } from '../testing/test-app.ts';

describe('the pages of the console', () => {
  let app: TestApp;
  const publicUrl = { current: '' };
  beforeAll(async () => {
    app = await startTestApp({
      endpoints: [],
      consoleDir: import.meta.dirname,
      publicUrl: () => publicUrl.current,
    });
    publicUrl.current = app.origin;
  });
  afterAll(() => app.close());

  const { fetch: ask } = globalThis;
  const visit = (origin: string, path: string) => ask(origin + path, { redirect: 'manual' });

  it('are at one address: another name of this machine leads there', async () => {
    const byName = app.origin.replace('127.0.0.1', 'localhost');
    const led = await visit(byName, '/campaigns?x=1');
    expect([led.status, led.headers.get('location')]).toEqual([307, `${app.origin}/campaigns?x=1`]);
    expect((await visit(app.origin, '/campaigns')).status).not.toBe(307);
  });

  it('are not where another machine is meant', async () => {
    publicUrl.current = 'https://calls.example.org';
    expect((await visit(app.origin, '/campaigns')).status).not.toBe(307);
    expect((await visit(app.origin, '/api/v1/nothing')).headers.get('strict-transport-security')).toContain(
      'max-age',
    );
    publicUrl.current = app.origin;
  });

  it('are nowhere below the API', async () => {
    const answer = await visit(app.origin, '/api/v2/calls');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });
});
