import { ConnectError, type Code } from '@connectrpc/connect';
import type { Endpoint } from '../entrypoints/kernel/endpoint.ts';
import { startFakeServices, type FakeHandlers, type FakeServices } from './fake-services.ts';
import { startTestApp, type TestApp, type TestUser } from './test-app.ts';

const tenantId = '0190a0b0-0000-7000-8000-000000000001';
const userId = '0190a0b0-0000-7000-8000-0000000000e1';

/** An id of a test: the last four digits tell one from another. */
export const idOf = (digits: string): string => `0190a0b0-0000-7000-8000-00000000${digits}`;

/** Endpoints before services that answer over real RPC what a test says; for the tests of a file, with nothing left from another. */
export function useEndpointBench(endpoints: readonly Endpoint[]) {
  let services: FakeServices;
  let app: TestApp;
  beforeAll(async () => {
    services = await startFakeServices();
    app = await startTestApp({ endpoints, hospitalOf: services.hospitalOf });
  });
  afterAll(async () => {
    await app.close();
    await services.close();
  });
  beforeEach(() => {
    for (const name of Object.keys(services.handlers) as (keyof FakeHandlers)[]) services.handlers[name] = {};
    services.asked.length = 0;
    app.audit.entries.length = 0;
  });
  return {
    tenantId,
    userId,
    get url(): string {
      return app.url;
    },
    get services(): FakeServices {
      return services;
    },
    get on(): FakeHandlers {
      return services.handlers;
    },
    /** As an admin called Robin, unless another role is named. */
    ask: (method: string, path: string, json?: unknown, o: { user?: Partial<TestUser>; key?: string } = {}) =>
      app.ask({ tenantId, userId, role: 'admin', ...o.user }, method, path, json, {
        ...(o.key === undefined ? {} : { 'idempotency-key': o.key }),
      }),
    /** What a service was asked last, and for whom. */
    asked(method: string): Record<string, unknown> | undefined {
      const one = services.last(method);
      if (one) expect(one.tenantId).toBe(tenantId);
      return one?.request;
    },
    get audited() {
      return app.audit.entries.map(({ action, subject, details }) => ({ action, subject, details }));
    },
  };
}

/** A handler that refuses. */
export const refuses =
  (code: Code, text = 'why') =>
  () => {
    throw new ConnectError(text, code);
  };
