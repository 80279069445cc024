import { ApiError, request } from './client.ts';
import type { Me } from './types.ts';

interface Session {
  readonly userId: string;
  readonly displayName: string;
  readonly role: string;
}

const desk = [
  ...['calls:read', 'transcripts:read', 'escalations:work', 'call-backs:work'],
  ...['appointments:read', 'messages:read', 'operations:read'],
];
const byRole: Record<string, readonly string[]> = {
  admin: [...desk, 'integrations:manage', 'operations:manage'],
  integrator: ['integrations:manage', 'operations:read'],
};

/** Who is signed in and what they may do. Where the API does not tell yet, it follows from the session's role. */
export async function fetchMe(): Promise<Me> {
  try {
    return await request<Me>('GET', '/me');
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
  const { userId, displayName, role } = await request<Session>('GET', '/session');
  return {
    user: { id: userId, name: displayName, role, phone: null },
    hospital: { id: '' },
    permissions: byRole[role] ?? desk,
  };
}

/** The session cookie's way, until every installation has the provider. */
export const signIn = (login: string, password: string) =>
  request<Session>('POST', '/session', { login, password });
