// A hospital's API as the console sees it, without the hospital: for pages whose states a real one shows too seldom. Speaks
// HTTP, so that streaming, tokens and headers are real; what it answers is data in a test's hands.
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { FakeProvider } from './provider.ts';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined without one. */
  readonly body: unknown;
}

/** An answer of another kind than 200 with JSON. */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string | undefined;
  constructor(status: number, body?: unknown, contentType?: string) {
    this.status = status;
    this.body = body;
    this.contentType = contentType;
  }
}

export const problem = (status: number, code: string, detail: string, more: object = {}) =>
  new Answer(status, { status, code, detail, ...more }, 'application/problem+json');

type Handler = (request: FakeRequest) => unknown;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: Handler;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** As the real gateway says, so that what it forbids fails here, too. */
const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export class FakeServer {
  /** Every request to /api/v1, in order. */
  readonly requests: FakeRequest[] = [];
  readonly provider = new FakeProvider();
  /** Live messages that can be asked for again by their id, the newest last. */
  readonly #sent: { readonly id: number; readonly text: string }[] = [];
  readonly #viewers = new Set<http.ServerResponse>();
  readonly #routes: Route[] = [];
  readonly #consoleDir: string | undefined;
  #lastId = 0;
  #server: http.Server | undefined;

  constructor(o: { readonly consoleDir?: string } = {}) {
    this.#consoleDir = o.consoleDir;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
  }

  /** @param pattern such as "/calls/:id"; later routes win. @returns how to take it back */
  on(method: string, pattern: string, handle: Handler): () => void {
    const route: Route = {
      method,
      pattern: new RegExp(`^${pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
      handle,
    };
    this.#routes.unshift(route);
    return () => void this.#routes.splice(this.#routes.indexOf(route), 1);
  }

  /** Sends a live message to every page that is open. */
  live(kind: string, message: object): void {
    this.#lastId += 1;
    const text = `id: ${this.#lastId}\nevent: ${kind}\ndata: ${JSON.stringify({ kind, ...message })}\n\n`;
    this.#sent.push({ id: this.#lastId, text });
    for (const viewer of this.#viewers) viewer.write(text);
  }

  /** How many pages follow the live feed. */
  get viewers(): number {
    return this.#viewers.size;
  }

  /** Ends every live feed; with `refuse` it cannot be opened again until that is called off. */
  cutLive(): void {
    for (const viewer of this.#viewers) viewer.destroy();
  }

  async start(port = 0): Promise<void> {
    const server = http.createServer((req, res) => {
      this.#handle(req, res).catch((error: unknown) => {
        res.writeHead(500, { 'content-type': 'application/problem+json' });
        res.end(JSON.stringify({ status: 500, code: 'internal', detail: String(error) }));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #handle(req: http.IncomingMessage, res: http.ServerResponse): Promise<void> {
    res.setHeader('content-security-policy', contentSecurityPolicy);
    const url = new URL(req.url ?? '/', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (url.pathname.startsWith('/oidc')) return this.provider.handle(req, res, url, text);
    if (!url.pathname.startsWith('/api/v1')) return this.#file(url.pathname, res);
    if (!this.provider.knows(req.headers.authorization))
      return this.#write(res, problem(401, 'unauthenticated', 'Please sign in.'));
    const request: FakeRequest = {
      method: req.method ?? 'GET',
      path: url.pathname.slice('/api/v1'.length),
      params: {},
      query: Object.fromEntries(url.searchParams),
      headers: req.headers,
      text,
      body: req.headers['content-type']?.includes('json') && text ? (JSON.parse(text) as unknown) : undefined,
    };
    this.requests.push(request);
    for (const { method, pattern, handle } of [...this.#routes]) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (!match) continue;
      return this.#write(res, await handle({ ...request, params: match.groups ?? {} }));
    }
    if (request.path === '/live') return this.#follow(request, res);
    this.#write(res, problem(404, 'not-found', 'There is no such resource.'));
  }

  #write(res: http.ServerResponse, answer: unknown): void {
    const { status, body, contentType } = answer instanceof Answer ? answer : new Answer(200, answer);
    if (body === undefined) return void res.writeHead(status === 200 ? 204 : status).end();
    res.writeHead(status, { 'content-type': contentType ?? 'application/json' });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #follow(request: FakeRequest, res: http.ServerResponse): void {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const last = request.headers['last-event-id'];
    if (last !== undefined) for (const { id, text } of this.#sent) if (id > Number(last)) res.write(text);
    res.write(`id: ${this.#lastId}\nevent: ready\ndata: {}\n\n`);
    this.#viewers.add(res);
    res.on('close', () => this.#viewers.delete(res));
  }

  #file(name: string, res: http.ServerResponse): void {
    const dir = this.#consoleDir;
    if (!dir) return void res.writeHead(404).end();
    const wanted = path.join(dir, path.normalize(name));
    const file = path.extname(name) && existsSync(wanted) ? wanted : path.join(dir, 'index.html');
    res.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
    res.end(readFileSync(file));
  }
}
