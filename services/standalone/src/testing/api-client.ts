import { demo, type DemoStaff } from '@wardline/contracts';
import { signIn as signInAsStaff } from '@wardline/staff-sign-in';
import type { RunningCopy } from './running-copy.ts';

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/**
 * The REST API as a signed-in demo user sees it: the clinic's first, unless another is named. A body that is a text goes as
 * it is, with a content type of its own among the headers; anything else as JSON.
 */
export async function signIn(
  copy: RunningCopy,
  clinic: (typeof demo.clinics)[number] = demo.clinics[0],
  user: Pick<DemoStaff, 'login' | 'password'> = clinic.staff,
) {
  const base = `http://127.0.0.1:${copy.run.port}/api/v1`;
  const { login, password } = user;
  const signedIn = await signInAsStaff({ baseUrl: base, login, password });
  return async <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<T>> => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { ...(await signedIn.headers()), 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text ? JSON.parse(text) : undefined) as T,
    };
  };
}

export type Api = Awaited<ReturnType<typeof signIn>>;

export interface SlotView {
  readonly doctor: string;
  readonly start: string;
}

/** A free slot far enough away that no call of another test wants it. */
export async function freeSlot(api: Api, clinic: (typeof demo.clinics)[number], skip = 0): Promise<SlotView> {
  const from = new Date(Date.now() + 20 * 86_400_000);
  const { body } = await api<{ items: SlotView[] }>(
    'GET',
    `/slots?clinic=${clinic.clinicId}&from=${from.toISOString()}&to=${new Date(from.getTime() + 8 * 86_400_000).toISOString()}&limit=100`,
  );
  const slot = body.items[skip];
  if (!slot) throw new Error('the demo clinic has no free slot left');
  return slot;
}
