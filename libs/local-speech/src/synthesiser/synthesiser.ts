import { Worker } from 'node:worker_threads';
import { concatSamples } from '@wardline/audio';
import type { SpeechOptions, Synthesiser } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';
import { splitClauses } from './clauses.ts';
import { ClipCache } from './clip-cache.ts';
import type { SpeakReply, SpeakRequest, SynthesiserVoice } from './protocol.ts';

export interface SynthesiserOptions {
  /** slt is the agent's voice; rms, a man's, is for simulated callers, so that the two never sound alike. */
  readonly voice: SynthesiserVoice;
  /** Clauses kept for next time, in seconds of speech. */
  readonly cacheSecondsMax?: number;
}

/** Ten minutes of speech: 10 MB. */
const CACHE_SECONDS_DEFAULT = 600;
/** Pauses a reader would make; the clauses themselves are trimmed. */
const SENTENCE_PAUSE = new Int16Array(8 * 220);
const CLAUSE_PAUSE = new Int16Array(8 * 90);

/** Speech from text in a worker thread. Requests are served in order; use one per process and voice. */
export function createSynthesiser(options: SynthesiserOptions): Synthesiser {
  return new FliteSynthesiser(options);
}

interface Waiting {
  resolve(samples: Int16Array): void;
  reject(error: LocalSpeechError): void;
}

class FliteSynthesiser implements Synthesiser {
  readonly #voice: SynthesiserVoice;
  readonly #cache: ClipCache;
  readonly #worker = new Worker(new URL('./synthesiser.worker.ts', import.meta.url), {
    // Node's WASI says on every use that it is experimental.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  readonly #ready = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #closed: Promise<void> | undefined;
  #failure: LocalSpeechError | undefined;

  constructor(options: SynthesiserOptions) {
    this.#voice = options.voice;
    this.#cache = new ClipCache((options.cacheSecondsMax ?? CACHE_SECONDS_DEFAULT) * 8000);
    // Whoever never asks for ready() must not see an unhandled rejection; each request is told of the failure too.
    this.#ready.promise.catch(() => undefined);
    this.#worker.on('message', (reply: SpeakReply) => this.#onReply(reply));
    this.#worker.on('error', (cause) => {
      this.#fail(new LocalSpeechError('engine-failed', 'the synthesiser thread died', cause));
    });
  }

  ready(): Promise<void> {
    return this.#ready.promise;
  }

  async synthesise(text: string, options: SpeechOptions = {}): Promise<Int16Array> {
    const parts: Int16Array[] = [];
    for await (const part of this.stream(text, options)) parts.push(part);
    return concatSamples(parts);
  }

  async *stream(text: string, options: SpeechOptions = {}): AsyncIterable<Int16Array> {
    const rate = Math.min(2, Math.max(0.5, options.rate ?? 1));
    const clauses = splitClauses(text);
    let next = clauses[0] === undefined ? undefined : this.#clip(clauses[0], rate);
    for (const [i, clause] of clauses.entries()) {
      const samples = await (next as Promise<Int16Array>);
      const following = clauses[i + 1];
      // Only one clause ahead: another call's first words come before this one's last.
      next = following === undefined ? undefined : this.#clip(following, rate);
      // If the listener leaves now, nobody awaits the clause that is being made.
      next?.catch(() => undefined);
      const pause = /[.!?]$/.test(clause) ? SENTENCE_PAUSE : CLAUSE_PAUSE;
      yield following === undefined ? samples : concatSamples([samples, pause]);
    }
  }

  close(): Promise<void> {
    if (this.#closed) return this.#closed;
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    if (this.#failure) this.#closed = Promise.resolve();
    else {
      this.#worker.postMessage('close');
      this.#closed = exited;
    }
    this.#rejectAll(new LocalSpeechError('closed', 'the synthesiser is closed'));
    return this.#closed;
  }

  async #clip(clause: string, rate: number): Promise<Int16Array> {
    if (this.#closed) throw new LocalSpeechError('closed', 'the synthesiser is closed');
    if (this.#failure) throw this.#failure;
    const key = `${rate} ${clause}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const id = this.#nextId++;
    const samples = await new Promise<Int16Array>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, text: clause, voice: this.#voice, rate } satisfies SpeakRequest);
    });
    this.#cache.put(key, samples);
    return samples;
  }

  #onReply(reply: SpeakReply): void {
    if (reply.kind === 'ready') {
      this.#ready.resolve();
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'spoken') waiting?.resolve(reply.samples);
    else waiting?.reject(new LocalSpeechError('engine-failed', reply.message));
  }

  #fail(error: LocalSpeechError): void {
    if (this.#closed) return;
    this.#failure = error;
    this.#rejectAll(error);
  }

  #rejectAll(error: LocalSpeechError): void {
    this.#ready.reject(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
