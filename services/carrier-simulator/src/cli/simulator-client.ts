import { setTimeout as delay } from 'node:timers/promises';
import type { CallReport } from '../entrypoints/control-api.ts';
import type { PersonInput } from '../people/person.ts';
import type { CallTruth } from '../people/truth.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The control interface of the running simulator. */
export class SimulatorClient {
  readonly #url: string;
  readonly #key: string;

  constructor(o: { url: string; controlKey: string }) {
    this.#url = o.url;
    this.#key = o.controlKey;
  }

  place(o: { scenario: Scenario; to: string; from: string }): Promise<CallReport> {
    return this.#json('POST', '/sim/calls', o);
  }

  report(id: string): Promise<CallReport> {
    return this.#json('GET', `/sim/calls/${encodeURIComponent(id)}`);
  }

  /** Resolves when the call is over; hangs it up after `msMax`, since no call may be left behind. */
  async ended(id: string, msMax: number): Promise<CallReport> {
    for (const since = performance.now(); ; await delay(200)) {
      const report = await this.report(id);
      if (report.state === 'ended') return report;
      if (performance.now() - since > msMax)
        return this.#json('POST', `/sim/calls/${encodeURIComponent(id)}/hangup`);
    }
  }

  /** Describes who can be called, beside those who were described before. */
  async people(people: readonly PersonInput[]): Promise<void> {
    await this.#json('PUT', '/control/people', { people });
  }

  /** What really happened in every call that was dialled since the simulator started, oldest first. */
  async dialled(): Promise<CallTruth[]> {
    return (await this.#json<{ items: CallTruth[] }>('GET', '/control/calls')).items;
  }

  async audio(id: string): Promise<Uint8Array> {
    const response = await this.#request('GET', `/sim/calls/${encodeURIComponent(id)}/audio.wav`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await (await this.#request(method, path, body)).json()) as T;
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
