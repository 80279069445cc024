import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import type { Express } from 'express';
import { createLiveFeed } from '../app/live-feed.ts';
import { permissions, permissionTable, roles } from '../domain/permissions.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { allEndpoints } from './all-endpoints.ts';
import { fullPathOf, type Endpoint } from './kernel/endpoint.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Every route that Express has, however deep. */
function routesOf(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) =>
    route
      ? Object.keys(route.methods).map((method) => `${method} ${route.path}`)
      : routesOf(handle?.stack ?? []),
  );
}

describe('the registry of endpoints', () => {
  const logger = createSilentLogger();
  let endpoints: readonly Endpoint[];
  let app: TestApp;
  beforeAll(async () => {
    endpoints = allEndpoints({
      feed: createLiveFeed({ keyValue: createMemoryKeyValue(), logger }),
      deadLetters: { storeOf: () => ({}) as never, releases: {} as never },
      telephonyWebhookUrl: 'http://127.0.0.1:9',
      logger,
    });
    app = await startTestApp({ endpoints, consoleDir: import.meta.dirname });
  });
  afterAll(() => app.close());

  it('holds every route that is mounted, but for the pages of the console', () => {
    const mounted = routesOf((app.app as Express & { router: { stack: Layer[] } }).router.stack);
    const registered = endpoints.map(
      (one) => `${one.method} ${fullPathOf(one).replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(mounted.toSorted()).toEqual([...registered, 'get /{*page}'].toSorted());
  });

  it('describes each in the document: who may, what is answered, and every refusal', async () => {
    const answer = await fetch(`${app.origin}/api/openapi.json`);
    expect(answer.status).toBe(200);
    const document = (await answer.json()) as {
      openapi: string;
      paths: Record<string, Record<string, Record<string, unknown>>>;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const one of endpoints) {
      const operation = document.paths[fullPathOf(one)]?.[one.method];
      expect(operation).toMatchObject({ operationId: one.id, 'x-permission': one.access });
      const statuses = Object.keys(operation?.['responses'] as object);
      expect(statuses).toEqual(expect.arrayContaining([...Object.keys(one.responses), '429', '500', '503']));
    }
    const refers = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const { schemas } = (document as unknown as { components: { schemas: object } }).components;
    expect(refers.map(([, name]) => name).filter((name) => !(name! in schemas))).toEqual([]);
  });

  it('records every change, and of reads leaves out only what an open page repeats within minutes', () => {
    const repeated = endpoints.filter(({ audit }) => audit?.onceInMs !== undefined);
    expect(repeated.map(({ id }) => id)).toContain('listRecipients');
    expect(repeated.filter(({ method }) => method !== 'get').map(({ id }) => id)).toEqual([]);
    for (const { audit } of repeated) expect(audit?.onceInMs).toBeLessThanOrEqual(10 * 60_000);
  });

  it('refuses two endpoints at one address', async () => {
    const [first] = endpoints;
    await expect(startTestApp({ endpoints: [first!, { ...first!, id: 'other' }] })).rejects.toThrow(
      /two endpoints/,
    );
  });
});

describe('the table of permissions', () => {
  it('gives each permission to somebody, with a reason, and everything to the admin', () => {
    for (const permission of permissions) {
      const { roles: having, because, allows } = permissionTable[permission];
      expect(having).toContain('admin');
      expect(having.every((role) => roles.includes(role))).toBe(true);
      expect(because.length + allows.length).toBeGreaterThan(20);
    }
  });
});
