import type { ClinicFacts } from '../domain/clinic.ts';
import type { Line } from '../domain/effects.ts';
import type { EndedConversation } from '../domain/ended.ts';
import type { ClinicDirectory } from '../ports/clinic-directory.ts';
import type { ConversationStore, OpenedConversation } from '../ports/conversation-store.ts';
import type { LiveView } from '../ports/live-view.ts';
import { aClinic } from './clinic.ts';

export class FakeClinicDirectory implements ClinicDirectory {
  readonly #clinic: ClinicFacts;

  constructor(clinic: ClinicFacts = aClinic()) {
    this.#clinic = clinic;
  }

  async clinic(): Promise<ClinicFacts> {
    return this.#clinic;
  }
}

export class FakeLiveView implements LiveView {
  readonly partials: { callId: string; turn: number; text: string }[] = [];
  readonly lines: Line[] = [];

  partial(_tenantId: string, callId: string, o: { turn: number; text: string }): void {
    this.partials.push({ callId, turn: o.turn, text: o.text });
  }

  line(_tenantId: string, _callId: string, line: Line): void {
    this.lines.push(line);
  }
}

interface StoredConversation {
  epoch: number;
  stream: number;
  state: string | undefined;
  lines: Line[];
}

/** The store in memory. `failures` makes the next saves throw. */
export class MemoryConversationStore implements ConversationStore {
  failures = 0;
  saves = 0;
  /** What went out about each call, once. */
  readonly ended = new Map<string, EndedConversation>();
  readonly #calls = new Map<string, StoredConversation>();

  async open(
    tenantId: string,
    o: { callId: string; clinicId: string; epoch: number },
  ): Promise<OpenedConversation | undefined> {
    const key = `${tenantId} ${o.callId}`;
    const known = this.#calls.get(key) ?? { epoch: 0, stream: 0, state: undefined, lines: [] };
    if (known.epoch > o.epoch) return undefined;
    const opened = { ...known, epoch: o.epoch, stream: known.stream + 1 };
    this.#calls.set(key, opened);
    return { stream: opened.stream, state: opened.state };
  }

  async save(tenantId: string, o: Parameters<ConversationStore['save']>[1]): Promise<'saved' | 'replaced'> {
    if (this.failures > 0) {
      this.failures--;
      throw new Error('the store is away');
    }
    const known = this.#calls.get(`${tenantId} ${o.callId}`);
    if (!known || known.stream !== o.stream) return 'replaced';
    this.saves++;
    known.state = o.state;
    if (o.ended && !this.ended.has(o.callId)) this.ended.set(o.callId, o.ended);
    for (const line of o.lines) {
      if (!known.lines.some(({ sequence }) => sequence === line.sequence)) known.lines.push(line);
    }
    return 'saved';
  }

  async lines(tenantId: string, callId: string): Promise<Line[]> {
    return [...(this.#calls.get(`${tenantId} ${callId}`)?.lines ?? [])];
  }
}
