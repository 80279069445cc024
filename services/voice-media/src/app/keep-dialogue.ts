import type {
  AgentCommand,
  BrokenStream,
  CallerEvent,
  CallFacts,
  Dialogue,
  DialogueStream,
} from '../ports/dialogue.ts';

export const reconnectMsMax = 8_000;
const backoffMs = [100, 200, 400, 800, 1_600] as const;
/** Events kept while there is no stream. */
const waitingMax = 64;

export interface DialogueKeeperListener {
  onCommand(command: AgentCommand): void;
  onEnded(): void;
  /** The stream broke and is being opened again; once per break. */
  onInterrupted(cause: unknown): void;
  /** It cannot be restored, or another one would be refused. */
  onLost(broken: BrokenStream): void;
  onReconnect(): void;
}

/**
 * Keeps the conversation of one call open: a broken stream is opened again with `resumed`, with bounded backoff, for 8 s
 * in all. Driven by `tick`; holds no timer. Events of the meantime are sent when the stream is back, partials are not.
 */
export class DialogueKeeper {
  readonly #dialogue: Dialogue;
  readonly #facts: CallFacts;
  readonly #listener: DialogueKeeperListener;
  #stream: DialogueStream | undefined;
  #waiting: CallerEvent[] = [];
  /** Sent on a stream that has not answered anything yet: if it breaks, nobody has read them. */
  #unread: CallerEvent[] | undefined;
  /** The dialogue has answered at least once: from then on it knows the call. */
  #known = false;
  #brokenSince: number | undefined;
  #attempts = 0;
  #retryAt = Infinity;
  #now: number;
  #closed = false;

  constructor(o: { dialogue: Dialogue; facts: CallFacts; listener: DialogueKeeperListener; now: number }) {
    this.#dialogue = o.dialogue;
    this.#facts = o.facts;
    this.#listener = o.listener;
    this.#now = o.now;
  }

  get connected(): boolean {
    return this.#stream !== undefined;
  }

  open(): void {
    let current: DialogueStream | undefined;
    const facts = { ...this.#facts, resumed: this.#facts.resumed || this.#known };
    // A stream that was given up may still call back; only the present one counts.
    const isStale = (): boolean => this.#closed || (current !== undefined && this.#stream !== current);
    current = this.#dialogue.open(facts, {
      onCommand: (command) => {
        if (isStale()) return;
        this.#known = true;
        this.#unread = undefined;
        this.#brokenSince = undefined;
        this.#attempts = 0;
        this.#listener.onCommand(command);
      },
      onEnded: () => {
        if (isStale()) return;
        this.close();
        this.#listener.onEnded();
      },
      onBroken: (broken) => {
        if (!isStale()) this.#onBroken(broken);
      },
    });
    this.#stream = current;
    this.#unread = [];
    for (const event of this.#waiting.splice(0)) this.send(event);
  }

  send(event: CallerEvent): void {
    if (this.#closed) return;
    this.#stream?.send(event);
    const kept = this.#stream === undefined ? this.#waiting : this.#unread;
    if (event.type !== 'caller-partial' && kept !== undefined && kept.length < waitingMax) kept.push(event);
  }

  tick(now: number): void {
    this.#now = now;
    if (this.#closed || now < this.#retryAt) return;
    this.#retryAt = Infinity;
    this.#listener.onReconnect();
    this.open();
  }

  close(): void {
    this.#closed = true;
    this.#stream?.close();
    this.#stream = undefined;
  }

  #onBroken(broken: BrokenStream): void {
    this.#stream = undefined;
    this.#waiting = [...(this.#unread ?? []), ...this.#waiting].slice(0, waitingMax);
    this.#unread = undefined;
    const first = this.#brokenSince === undefined;
    this.#brokenSince ??= this.#now;
    const wait = backoffMs[Math.min(this.#attempts, backoffMs.length - 1)] ?? 0;
    this.#attempts += 1;
    if (broken.verdict !== 'transient' || this.#now + wait - this.#brokenSince > reconnectMsMax) {
      this.#closed = true;
      this.#listener.onLost(broken);
      return;
    }
    this.#retryAt = this.#now + wait;
    if (first) this.#listener.onInterrupted(broken.cause);
  }
}
