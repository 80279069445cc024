import { concatSamples } from '@wardline/audio';
import type { Listening, RecogniserSession, Recognition } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';
import type { RecogniserRequest } from './protocol.ts';

interface Link {
  send(request: RecogniserRequest, transfer?: ArrayBuffer[]): void;
  finish(session: number): Promise<Recognition | undefined>;
  closed(): void;
}

/** Audio goes over in pieces of 60 ms: a third of the messages, and the rest goes with finish() anyway. */
const PIECE_SAMPLES = 480;
const NOTHING: Recognition = { text: '', confidence: 0, status: 'not-understood', alternatives: [] };

/** One call's session as the calling thread sees it. */
export class ThreadSession implements RecogniserSession {
  readonly #id: number;
  readonly #link: Link;
  readonly #listeners: ((text: string) => void)[] = [];
  #pending: Int16Array[] = [];
  #pendingSamples = 0;
  #utterance = 0;
  #listening = false;
  #partial = '';
  #closed = false;

  constructor(id: number, link: Link) {
    this.#id = id;
    this.#link = link;
  }

  listen(listening: Listening): void {
    if (this.#closed) return;
    const { expects, vocabulary, sentences } = listening;
    this.#link.send({
      kind: 'listen',
      session: this.#id,
      listening: {
        expects: [...expects],
        vocabulary: [...vocabulary],
        ...(sentences ? { sentences: [...sentences] } : {}),
      },
    });
  }

  start(): void {
    if (this.#closed) return;
    this.#reset();
    this.#listening = true;
    this.#link.send({ kind: 'start', session: this.#id, utterance: ++this.#utterance });
  }

  push(samples: Int16Array): void {
    if (!this.#listening) return;
    // A copy: the caller may reuse its frame.
    this.#pending.push(samples.slice());
    this.#pendingSamples += samples.length;
    if (this.#pendingSamples >= PIECE_SAMPLES) this.#flush();
  }

  partial(): string {
    return this.#partial;
  }

  onPartial(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  async finish(): Promise<Recognition> {
    if (this.#closed) throw new LocalSpeechError('closed', 'the session is closed');
    if (!this.#listening) return NOTHING;
    this.#flush();
    this.#reset();
    return (await this.#link.finish(this.#id)) ?? NOTHING;
  }

  abort(): void {
    if (!this.#listening) return;
    this.#reset();
    this.#link.send({ kind: 'abort', session: this.#id });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reset();
    this.#link.send({ kind: 'close', session: this.#id });
    this.#link.closed();
  }

  /** The worker's partial result; of an utterance that is over it comes too late and is dropped. */
  heard(utterance: number, text: string): void {
    if (!this.#listening || utterance !== this.#utterance || text === this.#partial) return;
    this.#partial = text;
    for (const listener of this.#listeners) listener(text);
  }

  #flush(): void {
    if (this.#pendingSamples === 0) return;
    const samples = concatSamples(this.#pending);
    this.#pending = [];
    this.#pendingSamples = 0;
    this.#link.send({ kind: 'push', session: this.#id, samples }, [samples.buffer as ArrayBuffer]);
  }

  #reset(): void {
    this.#listening = false;
    this.#partial = '';
    this.#pending = [];
    this.#pendingSamples = 0;
  }
}
