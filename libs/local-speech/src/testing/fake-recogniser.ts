import type { Listening, Recogniser, RecogniserSession, Recognition } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';

const NOTHING: Recognition = { text: '', confidence: 0, status: 'not-understood', alternatives: [] };

/** What a scripted utterance is recognised as; only the text is needed. */
export type ScriptedRecognition = Partial<Recognition> & { readonly text: string };

/**
 * Hears what the script says, one entry per finished utterance that contained any audio; afterwards nothing.
 * `listened` records what sessions were told to expect, `heardSamples` how much audio each finished utterance had.
 */
export class FakeRecogniser implements Recogniser {
  readonly listened: Listening[] = [];
  readonly prepared: Listening[] = [];
  readonly heardSamples: number[] = [];
  readonly #script: Recognition[] = [];
  openSessions = 0;
  closed = false;
  /** When set, finish() rejects with it: the engine has died. */
  failure: LocalSpeechError | undefined;

  constructor(script: readonly (string | ScriptedRecognition)[] = []) {
    this.willHear(...script);
  }

  willHear(...script: readonly (string | ScriptedRecognition)[]): void {
    for (const entry of script) {
      const scripted = typeof entry === 'string' ? { text: entry } : entry;
      this.#script.push({ confidence: 0.95, status: 'confident', alternatives: [], ...scripted });
    }
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  prepare(listening: Listening): Promise<void> {
    this.prepared.push(listening);
    return Promise.resolve();
  }

  open(): RecogniserSession {
    if (this.closed) throw new LocalSpeechError('closed', 'the recogniser is closed');
    this.openSessions++;
    return new FakeSession(this);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** The entry the present utterance will be recognised as. */
  next(): Recognition {
    return this.#script[0] ?? NOTHING;
  }

  take(samples: number): Recognition {
    this.heardSamples.push(samples);
    return this.#script.shift() ?? NOTHING;
  }
}

class FakeSession implements RecogniserSession {
  readonly #recogniser: FakeRecogniser;
  readonly #listeners: ((text: string) => void)[] = [];
  #samples: number | undefined;
  #partial = '';
  #closed = false;

  constructor(recogniser: FakeRecogniser) {
    this.#recogniser = recogniser;
  }

  listen(listening: Listening): void {
    this.#recogniser.listened.push(listening);
  }

  start(): void {
    this.#samples = 0;
    this.#partial = '';
  }

  push(samples: Int16Array): void {
    if (this.#samples === undefined || samples.length === 0) return;
    this.#samples += samples.length;
    const words = this.#recogniser.next().text.split(' ');
    // One more word every 300 ms, about the pace of speech.
    const partial = words.slice(0, Math.ceil(this.#samples / 2400)).join(' ');
    if (partial === this.#partial) return;
    this.#partial = partial;
    for (const listener of this.#listeners) listener(partial);
  }

  partial(): string {
    return this.#partial;
  }

  onPartial(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  async finish(): Promise<Recognition> {
    if (this.#closed) throw new LocalSpeechError('closed', 'the session is closed');
    if (this.#recogniser.failure) throw this.#recogniser.failure;
    const samples = this.#samples;
    this.#samples = undefined;
    this.#partial = '';
    return samples ? this.#recogniser.take(samples) : NOTHING;
  }

  abort(): void {
    this.#samples = undefined;
    this.#partial = '';
  }

  close(): void {
    if (!this.#closed) this.#recogniser.openSessions--;
    this.#closed = true;
    this.abort();
  }
}
