import { setTimeout as delay } from 'node:timers/promises';
import type { DemoClinic, DemoStaff } from '@wardline/contracts';
import { signIn, type SignedIn } from '@wardline/staff-sign-in';

/** What a supervisor is told before they take a call. */
export interface Briefing {
  readonly patientName: string;
  readonly summary: string;
  readonly details: readonly { readonly label: string; readonly value: string }[];
  readonly lines: readonly { readonly agent: boolean; readonly text: string }[];
}

interface Escalation {
  readonly id: string;
  readonly call: string;
  readonly state: string;
  readonly reason: string;
  readonly briefing: Briefing | null;
  readonly callerNumber: string | null;
}

export interface Taken {
  readonly by: DemoStaff;
  readonly afterMs: number;
  readonly escalation: Escalation;
}

/** The console says so every 10 s; who was not seen for 30 s is not there. */
const heartbeatMs = 5_000;
const lookMs = 500;

/** A supervisor at their desk, by the same API as the console: is there, sees who is waiting, reads, accepts. */
export class Desk {
  readonly supervisor: DemoStaff;
  readonly #base: string;
  readonly #session: SignedIn;
  #beat: NodeJS.Timeout | undefined;

  private constructor(base: string, session: SignedIn, supervisor: DemoStaff) {
    this.#base = base;
    this.#session = session;
    this.supervisor = supervisor;
  }

  /** @throws Error when the clinic has no supervisor with a telephone */
  static async signIn(apiUrl: string, clinic: DemoClinic): Promise<Desk> {
    const supervisor = clinic.team.find((one) => one.role === 'supervisor' && one.phone !== undefined);
    if (!supervisor) throw new Error(`${clinic.name} has no supervisor with a telephone`);
    const { login, password } = supervisor;
    return new Desk(apiUrl, await signIn({ baseUrl: apiUrl, login, password }), supervisor);
  }

  /** Sits down. Until `leave`, whoever asks for a person may get this one. */
  async sitDown(): Promise<void> {
    await this.#request('PUT', '/presence', { present: true });
    this.#beat = setInterval(() => {
      // One that is missed is made up for by the next.
      this.#request('PUT', '/presence', { present: true }).catch(() => undefined);
    }, heartbeatMs);
  }

  async leave(): Promise<void> {
    clearInterval(this.#beat);
    if (this.#beat) await this.#request('PUT', '/presence', { present: false });
    this.#beat = undefined;
  }

  /** Who sits at a desk of this hospital now. */
  async present(): Promise<readonly string[]> {
    const { items } = await this.#json<{ items: { displayName: string }[] }>('GET', '/presence');
    return items.map(({ displayName }) => displayName);
  }

  /** Takes the call of this number when it is offered. Undefined: it never was, as long as `isOver` says so. */
  async take(number: string, isOver: () => boolean): Promise<Taken | undefined> {
    const since = performance.now();
    while (!isOver()) {
      const { items } = await this.#json<{ items: Escalation[] }>('GET', '/escalations?open=true');
      const mine = items.find((e) => e.callerNumber === number && e.state === 'offered');
      if (mine) {
        const escalation = await this.#json<Escalation>('GET', `/escalations/${mine.id}`);
        await this.#request('POST', `/escalations/${mine.id}/accept`, {});
        return { by: this.supervisor, afterMs: Math.round(performance.now() - since), escalation };
      }
      await delay(lookMs);
    }
    return undefined;
  }

  /** Messages to this number since then, with what they are for. */
  async messagesTo(number: string, since: Date): Promise<readonly { purpose: string; text: string }[]> {
    const { items } = await this.#json<{
      items: { purpose: string; text: string; to: string; createdAt: string }[];
    }>('GET', `/messages?to=${encodeURIComponent(number)}&limit=200`);
    return items.filter((m) => m.to === number && Date.parse(m.createdAt) >= since.getTime());
  }

  async #json<T>(method: string, path: string): Promise<T> {
    return (await (await this.#request(method, path)).json()) as T;
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { ...(await this.#session.headers()), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
