import { parseCookie, stringifySetCookie } from 'cookie';
import express, { Router } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import type { StaffSessions } from '../app/staff-sessions.ts';
import type { StaffSession } from '../ports/session-store.ts';
import { permissionsOf } from '../domain/permissions.ts';
import type { Authenticate } from './kernel/serve-endpoints.ts';
import { Problem } from './problem.ts';

const cookieName = 'wardline_session';
const tokenOf = (req: express.Request) => parseCookie(req.headers.cookie ?? '')[cookieName];

/** Whoever shows the cookie of a session. */
export const authenticateByCookie =
  (staff: StaffSessions): Authenticate =>
  async (req) => {
    const session = await staff.find(tokenOf(req));
    if (!session) return undefined;
    const { tenantId, userId, displayName, role, expiresAt } = session;
    return { tenantId, userId, name: displayName, role, permissions: permissionsOf(role), expiresAt };
  };

const credentials = z.object({ login: z.string().min(1).max(200), password: z.string().min(1).max(200) });

const shown = (session: StaffSession) => ({
  userId: session.userId,
  displayName: session.displayName,
  role: session.role,
  expiresAt: session.expiresAt.toISOString(),
});

/** POST signs in, GET tells who is signed in, DELETE signs out. */
export function sessionRoutes(o: {
  staff: StaffSessions;
  secureCookies: boolean;
  attemptsPerMinute?: number;
}): Router {
  const router = Router();
  const sessionOf = async (req: express.Request) => {
    const session = await o.staff.find(tokenOf(req));
    if (!session) throw new Problem(401, 'unauthenticated', 'Please sign in.');
    return session;
  };
  router.use(express.json({ limit: '4kb' }));
  // Per login and address, so that one guessed account does not lock the hospital out, nor a hospital's shared address.
  const attempts = new RateLimiterMemory({ points: o.attemptsPerMinute ?? 20, duration: 60 });
  const cookie = (value: string, expires: Date) =>
    stringifySetCookie({
      name: cookieName,
      value,
      httpOnly: true,
      sameSite: 'strict',
      secure: o.secureCookies,
      path: '/',
      expires,
    });

  router.post('/', async (req, res) => {
    const { login, password } = credentials.parse(req.body);
    const key = `${req.ip ?? ''} ${login.toLowerCase()}`;
    try {
      await attempts.consume(key);
    } catch {
      // The limiter rejects with its counters, not with an error: there is nothing to hand on.
      throw new Problem(429, 'too-many-attempts', 'Too many attempts; please wait a minute.');
    }
    const opened = await o.staff.open(login, password);
    if (!opened) throw new Problem(401, 'wrong-credentials', 'The login or the password is not right.');
    await attempts.delete(key);
    res.setHeader('set-cookie', cookie(opened.token, opened.session.expiresAt));
    res.status(201).json(shown(opened.session));
  });

  router.get('/', async (req, res) => {
    res.json(shown(await sessionOf(req)));
  });

  router.delete('/', async (req, res) => {
    await o.staff.end(tokenOf(req) ?? '', await sessionOf(req));
    res.setHeader('set-cookie', cookie('', new Date(0)));
    res.status(204).end();
  });
  return router;
}
