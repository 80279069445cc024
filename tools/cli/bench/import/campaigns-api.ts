import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { demo } from '@wardline/contracts';
import { signIn, type SignedIn } from '@wardline/staff-sign-in';

/** What came of an upload; without a status, the connection ended unanswered. */
export interface Uploaded {
  readonly status: number | null;
  readonly body: Record<string, unknown>;
  readonly seconds: number;
}

export interface Upload {
  readonly bytes: number;
  readonly pieces: Iterable<Uint8Array>;
  /** Default: all that was announced. */
  readonly sent?: number | undefined;
}

const clinic = demo.clinics[0];

/** Campaigns of the demo hospital by the public REST API, as its administrator. */
export class CampaignsApi {
  readonly #base: string;
  readonly #staff: SignedIn;

  private constructor(base: string, staff: SignedIn) {
    this.#base = base;
    this.#staff = staff;
  }

  static async signIn(apiUrl: string): Promise<CampaignsApi> {
    const { login, password } = clinic.staff;
    return new CampaignsApi(apiUrl, await signIn({ baseUrl: apiUrl, login, password }));
  }

  /** A draft, which calls nobody. @returns its id */
  async draft(name: string): Promise<string> {
    const { id } = await this.#json<{ id: string }>('POST', '/campaigns', {
      clinic: clinic.clinicId,
      ...{ name, flow: 'appointment-reminder', defaultRegion: 'US', firstDay: '', lastDay: '' },
      ...{ isoWeekdays: [1, 2, 3, 4, 5], fromLocalTime: '09:00', toLocalTime: '17:00' },
      ...{ callsAtOnceMax: 1, attemptsMax: 1, attemptsPerDayMax: 1, ringSeconds: 25 },
    });
    return id;
  }

  async recipients(id: string): Promise<number> {
    const { progress } = await this.#json<{ progress: { recipients: number } }>('GET', `/campaigns/${id}`);
    return progress.recipients;
  }

  /** So that nobody starts it by mistake. */
  async cancel(id: string): Promise<void> {
    await this.#json('POST', `/campaigns/${id}/cancel`);
  }

  async liveCalls(): Promise<number> {
    return (await this.#json<{ items: unknown[] }>('GET', '/calls?live=true')).items.length;
  }

  /** Streams a file into a draft; seconds from the first byte that is sent to the last one of the answer. */
  async upload(id: string, file: Upload): Promise<Uploaded> {
    const query = new URLSearchParams({
      name: 'Name',
      phone: 'Phone',
      externalId: 'MRN',
      fileName: 'bench.csv',
    });
    const began = performance.now();
    const request = http.request(`${this.#base}/campaigns/${id}/recipients?${query.toString()}`, {
      method: 'POST',
      headers: {
        ...(await this.#staff.headers()),
        'content-type': 'text/csv',
        'content-length': String(file.bytes),
        connection: 'keep-alive',
      },
    });
    // Told by the answer, or by its absence; what happens to the connection after the answer matters to nobody.
    request.on('error', () => {});
    const answer = answerOf(request);
    // A connection that ends while we still send is told by the answer.
    send(request, file).catch(() => undefined);
    const { status, text } = await answer;
    request.destroy();
    const seconds = Number(((performance.now() - began) / 1_000).toFixed(2));
    return { status, seconds, body: objectIn(text) };
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        ...(await this.#staff.headers()),
        'idempotency-key': randomUUID(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }
}

async function send(request: http.ClientRequest, { bytes, sent = bytes, pieces }: Upload): Promise<void> {
  let left = sent;
  for (const whole of pieces) {
    const piece = whole.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0 && !request.write(piece)) await once(request, 'drain');
  }
  if (sent === bytes) request.end();
  // `end` would notice that bytes are missing; the other side is to.
  else request.socket?.end();
}

async function answerOf(request: http.ClientRequest): Promise<{ status: number | null; text: string }> {
  try {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? null, text };
  } catch {
    // Who is cut off need not be answered.
    return { status: null, text: '' };
  }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // The web server itself answers what it cannot read, in words of its own.
    return {};
  }
}
