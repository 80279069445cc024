import type { Logger } from '@wardline/observability';
import express from 'express';
import { z } from 'zod';
import type { SignInLimits } from '../app/sign-in-limits.ts';
import type { VerifyPassword } from '../app/staff-directory.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { IdentityProvider } from '../ports/identity-provider.ts';
import { endpoint, handled, type Asked, type Endpoint } from './kernel/endpoint.ts';
import { signInOverPage, signInPage } from './sign-in-pages.ts';

const credentials = z.object({ login: z.string().min(1).max(200), password: z.string().min(1).max(200) });
const readForm = express.urlencoded({ extended: false, limit: '4kb', parameterLimit: 10 });
const html = { contentType: 'text/html; charset=utf-8', description: 'A page.' };
const params = z.object({ uid: z.string().regex(/^[\w-]{1,64}$/) });

/** The page on which staff sign in: the provider sends browsers here and takes them back. */
export function signInEndpoints(o: {
  readonly provider: () => IdentityProvider;
  readonly verifyPassword: VerifyPassword;
  readonly limits: SignInLimits;
  readonly audit: AuditTrail;
  readonly logger: Logger;
}): Endpoint[] {
  /** The provider's own cookie says whose sign-in this is; an address that was handed to somebody else is worth nothing. */
  const isOpen = async ({ params: of, req, res }: Asked<{ uid: string }>): Promise<boolean> =>
    (await o.provider().signInOf(req, res))?.uid === of.uid;

  return [
    endpoint({
      id: 'showSignIn',
      method: 'get',
      path: '/oidc/sign-in/{uid}',
      root: true,
      summary: 'The page on which staff sign in',
      access: 'public',
      params,
      responses: { 200: html, 410: html },
      handler: async (asked) => {
        const open = await isOpen(asked);
        return open
          ? { status: 200, text: signInPage(), headers: notKept }
          : { status: 410, text: signInOverPage(), headers: notKept };
      },
    }),
    endpoint({
      id: 'signIn',
      method: 'post',
      path: '/oidc/sign-in/{uid}',
      root: true,
      summary: 'Signs in, and goes on to where the browser came from',
      access: 'public',
      params,
      body: {
        contentType: 'application/x-www-form-urlencoded',
        description: 'The fields `login` and `password`.',
      },
      responses: { 303: null, 401: html, 410: html, 429: html },
      handler: async (asked) => {
        const { req, res } = asked;
        if (!(await isOpen(asked))) return { status: 410, text: signInOverPage(), headers: notKept };
        await new Promise<void>((resolve, reject) =>
          readForm(req, res, (err?: unknown) => (err ? reject(err) : resolve())),
        );
        const given = credentials.safeParse(req.body);
        if (!given.success) {
          const problem = 'Please enter your e-mail and your password.';
          return { status: 401, text: signInPage({ problem }), headers: notKept };
        }
        const { login, password } = given.data;
        const address = req.ip ?? '';
        if (!(await o.limits.admit(login, address))) {
          const problem = 'Too many attempts. Please wait some minutes and try again.';
          const headers = { ...notKept, 'retry-after': '600' };
          return { status: 429, text: signInPage({ login, problem }), headers };
        }
        const identity = await o.verifyPassword(login, password);
        if (!identity) {
          o.logger.warn('audit: sign-in refused', { audit: true });
          const problem = 'The e-mail or the password is not right.';
          return { status: 401, text: signInPage({ login, problem }), headers: notKept };
        }
        await o.limits.forget(login, address);
        const { tenantId, userId, role } = identity;
        await o.audit.record({
          ...{ tenantId, userId, role, action: 'sign-in', subject: `user/${userId}` },
          ...{ outcome: 'done', details: {} },
        });
        await o.provider().finishSignIn(req, res, identity);
        return handled;
      },
    }),
  ];
}

const notKept = { 'cache-control': 'no-store' };
