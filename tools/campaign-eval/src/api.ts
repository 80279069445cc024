import { setTimeout as delay } from 'node:timers/promises';

/** The public REST API, as any integrator would use it. */
export class Api {
  readonly #base: string;
  readonly #token: () => Promise<string>;

  /** @param base with the version, such as `http://127.0.0.1:8080/api/v1` */
  constructor(base: string, token: () => Promise<string>) {
    this.#base = base;
    this.#token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.#json<T>('GET', path);
  }

  post<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.#json<T>('POST', path, body, headers);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>('PUT', path, body);
  }

  /** A file, in pieces, as a browser uploads it. */
  async upload<T>(path: string, text: string): Promise<T> {
    const response = await this.request('POST', path, text, { 'content-type': 'text/csv' });
    return (await response.json()) as T;
  }

  async text(path: string): Promise<string> {
    return (await this.request('GET', path)).text();
  }

  /** All pages of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next =
        cursor === '' ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; next: string | null } = await this.get(`${path}${next}`);
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }

  async #json<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.request(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    });
    return (await response.json()) as T;
  }

  /** @throws Error with what the platform said, unless it only asks for patience */
  async request(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: { authorization: `Bearer ${await this.#token()}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      if (response.ok) return response;
      const text = await response.text();
      const patience = response.status === 429 || response.status === 503;
      if (!patience || attempt >= 8)
        throw new ApiRefused(response.status, `${method} ${path}: ${response.status} ${text}`);
      await delay(Math.max(500, Number(response.headers.get('retry-after') ?? 1) * 1_000));
    }
  }
}

export class ApiRefused extends Error {
  readonly code = 'api-refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
