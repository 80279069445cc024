import { Worker } from 'node:worker_threads';
import type { Vad, VadStream } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';
import { WindowQueue } from './window-queue.ts';
import type { VadReply, VadRequest } from './protocol.ts';

export interface VadOptions {
  /** How long windows of different calls are collected before they go to the model together. */
  readonly batchMs?: number;
  /** Told when the engine dies; probabilities stop coming. */
  readonly onFailure?: (error: LocalSpeechError) => void;
}

/** 10 ms: of 300 calls about 90 windows fall together, and the end of speech is noticed at most 10 ms later. */
const BATCH_MS_DEFAULT = 10;

/**
 * Voice activity for all calls of this process in one worker thread. One batch is in the worker at a time; what arrives
 * meanwhile waits for the next, so a slow machine makes bigger batches rather than a longer queue of them.
 */
export function createVad(options: VadOptions = {}): Vad {
  return new SileroVad(options);
}

/**
 * The published onnxruntime reports its use to its maker, and keeps a number for this machine, unless its environment says
 * no before it starts (microsoft/onnxruntime#27379). A worker's own environment is a copy that native code does not see.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';

class SileroVad implements Vad {
  readonly #worker = new Worker(new URL('./vad.worker.ts', import.meta.url));
  readonly #ready = Promise.withResolvers<void>();
  readonly #batchMs: number;
  readonly #streams = new Map<number, WindowQueue>();
  readonly #onFailure: ((error: LocalSpeechError) => void) | undefined;
  #nextId = 1;
  #inFlight: { queue: WindowQueue; atSample: number }[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  #closed: Promise<void> | undefined;

  constructor(options: VadOptions) {
    this.#batchMs = options.batchMs ?? BATCH_MS_DEFAULT;
    this.#onFailure = options.onFailure;
    // Whoever never asks for ready() must not see an unhandled rejection; the failure is told by onFailure.
    this.#ready.promise.catch(() => undefined);
    this.#worker.on('message', (reply: VadReply) => this.#onReply(reply));
    this.#worker.on('error', (cause) =>
      this.#fail(new LocalSpeechError('engine-failed', 'the VAD thread died', cause)),
    );
  }

  ready(): Promise<void> {
    return this.#ready.promise;
  }

  open(): VadStream {
    if (this.#closed) throw new LocalSpeechError('closed', 'the VAD is closed');
    const id = this.#nextId++;
    const queue = new WindowQueue();
    this.#streams.set(id, queue);
    return {
      push: (samples) => {
        if (queue.push(samples)) this.#schedule();
      },
      onProbability: (listener) => queue.onProbability(listener),
      close: () => {
        if (!this.#streams.delete(id)) return;
        queue.close();
        this.#send({ kind: 'forget', id });
      },
    };
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const queue of this.#streams.values()) queue.close();
    this.#streams.clear();
    this.#ready.reject(new LocalSpeechError('closed', 'the VAD is closed'));
    return (this.#closed ??= this.#worker.terminate().then(() => undefined));
  }

  #schedule(): void {
    if (this.#timer || this.#inFlight || !this.#isReady || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, this.#batchMs);
  }

  #flush(): void {
    const due = [...this.#streams].filter(([, queue]) => queue.hasWindow);
    if (due.length === 0) return;
    const windows = new Float32Array(due.length * WindowQueue.windowSamples);
    this.#inFlight = due.map(([, queue], i) => ({ queue, atSample: queue.takeInto(windows, i) }));
    const ids = Uint32Array.from(due, ([id]) => id);
    this.#send({ kind: 'run', ids, windows }, [ids.buffer, windows.buffer]);
  }

  #onReply(reply: VadReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#isReady = true;
        this.#ready.resolve();
        this.#schedule();
        return;
      case 'probabilities': {
        const batch = this.#inFlight ?? [];
        this.#inFlight = undefined;
        // A call with a second full window is behind: it does not wait for the timer again.
        if ([...this.#streams.values()].some((queue) => queue.isBehind)) this.#flush();
        else this.#schedule();
        batch.forEach(({ queue, atSample }, i) => queue.emit(reply.probabilities[i] as number, atSample));
        return;
      }
      case 'failed':
        this.#inFlight = undefined;
        this.#fail(new LocalSpeechError('engine-failed', reply.message));
        return;
      default:
        reply satisfies never;
    }
  }

  #send(request: VadRequest, transfer: ArrayBuffer[] = []): void {
    if (!this.#closed) this.#worker.postMessage(request, transfer);
  }

  #fail(error: LocalSpeechError): void {
    if (this.#closed) return;
    this.#ready.reject(error);
    this.#onFailure?.(error);
  }
}
