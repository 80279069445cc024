import type { DeadLetters, ParkedKey, Released, ReleaseHow } from './failure-types.ts';
import type { Appointment, Call, CallBack, CallWithTranscript, Clinic, Message, Session } from './types.ts';

/** An answer that is not the wanted one; `message` is the problem's own text, made for people. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (response.status === 204) return undefined as T;
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const answer: unknown = isJson ? await response.json() : undefined;
  if (response.ok) return answer as T;
  const detail = (answer as { detail?: string } | undefined)?.detail;
  throw new ApiError(response.status, detail ?? 'The server did not answer as expected. Please try again.');
}

const query = (values: Record<string, string | number | boolean>) =>
  new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();

export interface Items<T> {
  readonly items: readonly T[];
}

export const api = {
  session: () => request<Session>('GET', '/session'),
  signIn: (login: string, password: string) => request<Session>('POST', '/session', { login, password }),
  signOut: () => request<void>('DELETE', '/session'),
  clinics: async () => (await request<Items<Clinic>>('GET', '/clinics')).items,
  calls: async (clinic: string) =>
    (await request<Items<Call>>('GET', `/calls?${query({ clinic, limit: 30 })}`)).items,
  call: (id: string) => request<CallWithTranscript>('GET', `/calls/${id}`),
  callBacks: async (clinic: string) =>
    (await request<Items<CallBack>>('GET', `/call-backs?${query({ clinic, limit: 20 })}`)).items,
  appointments: async (clinic: string, from: Date, to: Date) =>
    (
      await request<Items<Appointment>>(
        'GET',
        `/appointments?${query({ clinic, from: from.toISOString(), to: to.toISOString(), limit: 200 })}`,
      )
    ).items,
  messages: async (clinic: string) =>
    (await request<Items<Message>>('GET', `/messages?${query({ clinic, limit: 30 })}`)).items,
  deadLetters: () => request<DeadLetters>('GET', '/operations/dead-letters?limit=500'),
  release: (id: string, how: ReleaseHow) =>
    request<Released>('POST', `/operations/dead-letters/${id}/${how}`),
  parked: async () => (await request<Items<ParkedKey>>('GET', '/operations/parked')).items,
};
