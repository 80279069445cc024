import type { Worker } from 'node:worker_threads';
import type { Listening, RecogniserSession, Recognition } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';
import type { RecogniserReply, RecogniserRequest } from './protocol.ts';
import { ThreadSession } from './thread-session.ts';

interface Waiting {
  resolve(value: Recognition | undefined): void;
  reject(error: LocalSpeechError): void;
}

/** The calling thread's end of one recogniser worker. */
export class RecogniserThread {
  readonly #worker: Worker | undefined;
  readonly #ready = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = new Map<number, ThreadSession>();
  readonly #onFailure: ((error: LocalSpeechError) => void) | undefined;
  #nextId = 1;
  failure: LocalSpeechError | undefined;

  constructor(worker: Worker | LocalSpeechError, onFailure: ((error: LocalSpeechError) => void) | undefined) {
    this.#onFailure = onFailure;
    // Whoever never asks for ready() must not see an unhandled rejection; finish() tells of the failure too.
    this.#ready.promise.catch(() => undefined);
    if (worker instanceof LocalSpeechError) {
      this.#fail(worker);
      return;
    }
    this.#worker = worker;
    worker.on('message', (reply: RecogniserReply) => this.#onReply(reply));
    worker.on('error', (cause) => {
      const error = new LocalSpeechError('engine-failed', 'the recogniser thread died', cause);
      this.#fail(error);
      this.#onFailure?.(error);
    });
  }

  get sessions(): number {
    return this.#open.size;
  }

  ready(): Promise<void> {
    return this.#ready.promise;
  }

  open(): RecogniserSession {
    const id = this.#nextId++;
    const session = new ThreadSession(id, {
      send: (request, transfer) => this.#send(request, transfer),
      finish: (sessionId) => this.#ask((askId) => ({ kind: 'finish', session: sessionId, id: askId })),
      closed: () => this.#open.delete(id),
    });
    this.#open.set(id, session);
    this.#send({ kind: 'open', session: id });
    return session;
  }

  async prepare(listening: Listening): Promise<void> {
    await this.#ask((id) => ({ kind: 'prepare', id, listening }));
  }

  async close(): Promise<void> {
    this.#fail(new LocalSpeechError('closed', 'the recogniser is closed'));
    await this.#worker?.terminate();
  }

  #ask(request: (id: number) => RecogniserRequest): Promise<Recognition | undefined> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send(request(id));
    });
  }

  #send(request: RecogniserRequest, transfer: ArrayBuffer[] = []): void {
    if (!this.failure) this.#worker?.postMessage(request, transfer);
  }

  #onReply(reply: RecogniserReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#ready.resolve();
        return;
      case 'partial':
        this.#open.get(reply.session)?.heard(reply.utterance, reply.text);
        return;
      case 'prepared':
        this.#take(reply.id)?.resolve(undefined);
        return;
      case 'recognised':
        this.#take(reply.id)?.resolve(reply.recognition);
        return;
      case 'failed': {
        const error = new LocalSpeechError('engine-failed', reply.message);
        if (reply.id !== undefined) this.#take(reply.id)?.reject(error);
        else this.#onFailure?.(error);
        return;
      }
      default:
        reply satisfies never;
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(error: LocalSpeechError): void {
    if (this.failure) return;
    this.failure = error;
    this.#ready.reject(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
