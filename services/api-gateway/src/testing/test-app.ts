import { createSilentLogger } from '@wardline/observability';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { permissionsOf } from '../domain/permissions.ts';
import { answerBrokenRequests } from '../entrypoints/broken-requests.ts';
import { createHttpApp, type HttpAppOptions } from '../entrypoints/http-app.ts';
import type { Authenticate } from '../entrypoints/kernel/serve-endpoints.ts';
import { MemoryAuditTrail } from './memory-audit-trail.ts';

export interface TestUser {
  readonly tenantId: string;
  readonly userId?: string;
  readonly role?: string;
}

/** What a test shows as its token, and `authenticateTestUser` believes. */
export const testToken = (user: TestUser): string => Buffer.from(JSON.stringify(user)).toString('base64url');

export const bearer = (user: TestUser): { authorization: string } => ({
  authorization: `Bearer ${testToken(user)}`,
});

/** Believes every `testToken`. What tokens are worth in truth is the matter of other tests. */
export const authenticateTestUser: Authenticate = async (req) => {
  const [, token = ''] = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '') ?? [];
  const text = Buffer.from(token, 'base64url').toString();
  // Tokens of another kind are nobody's.
  if (!text.startsWith('{')) return undefined;
  const { tenantId, userId, role = 'admin' } = JSON.parse(text) as TestUser;
  return {
    ...{ tenantId, userId: userId ?? tenantId, name: 'Robin', role },
    permissions: permissionsOf(role),
    expiresAt: new Date(Date.now() + 3_600_000),
  };
};

/** The HTTP application on a free port, with answers checked, and everything that a test does not name a fake. */
export async function startTestApp(o: Partial<HttpAppOptions> & Pick<HttpAppOptions, 'endpoints'>) {
  const audit = new MemoryAuditTrail();
  const app = createHttpApp({
    authenticate: authenticateTestUser,
    hospitalOf: () => {
      throw new Error('no services here');
    },
    audit,
    consoleDir: undefined,
    checkAnswers: 'refuse',
    logger: createSilentLogger(),
    ...o,
  });
  const server = http.createServer(app);
  answerBrokenRequests(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    app,
    server,
    audit,
    origin,
    url: `${origin}/api/v1`,
    async ask(
      user: TestUser | undefined,
      method: string,
      path: string,
      json?: unknown,
      headers: Record<string, string> = {},
    ) {
      const answer = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { ...(user ? bearer(user) : {}), 'content-type': 'application/json', ...headers },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      const text = await answer.text();
      const isJson = /json/.test(answer.headers.get('content-type') ?? '');
      const body = (text && isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
      return { status: answer.status, headers: answer.headers, text, body };
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type TestApp = Awaited<ReturnType<typeof startTestApp>>;
