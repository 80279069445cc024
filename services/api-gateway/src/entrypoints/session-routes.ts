import { parseCookie, stringifySetCookie } from 'cookie';
import { type Request, type RequestHandler, Router } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import type { StaffSessions } from '../app/staff-sessions.ts';
import type { StaffSession } from '../ports/session-store.ts';
import { Problem } from './problem.ts';

const cookieName = 'wardline_session';
const sessions = new WeakMap<Request, StaffSession>();

/** The session of a request that passed `requireSession`. */
export function sessionOf(req: Request): StaffSession {
  const session = sessions.get(req);
  if (!session) throw new Error('sessionOf() behind a route without requireSession');
  return session;
}

const tokenOf = (req: Request) => parseCookie(req.headers.cookie ?? '')[cookieName];

export function requireSession(staff: StaffSessions): RequestHandler {
  return async (req, _res, next) => {
    const session = await staff.find(tokenOf(req));
    if (!session)
      throw new Problem(
        401,
        'unauthenticated',
        'Please sign in: POST /api/v1/session with login and password.',
      );
    sessions.set(req, session);
    next();
  };
}

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

  router.post('/session', async (req, res) => {
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

  router.get('/session', requireSession(o.staff), (req, res) => {
    res.json(shown(sessionOf(req)));
  });

  router.delete('/session', requireSession(o.staff), async (req, res) => {
    await o.staff.end(tokenOf(req) ?? '', sessionOf(req));
    res.setHeader('set-cookie', cookie('', new Date(0)));
    res.status(204).end();
  });
  return router;
}
