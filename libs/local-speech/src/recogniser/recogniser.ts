import { Worker } from 'node:worker_threads';
import type { Listening, Recogniser, RecogniserSession } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';
import { probeLocalSpeech } from '../probe.ts';
import { defaultCacheDir } from './model-folder.ts';
import type { RecogniserSetup } from './protocol.ts';
import { RecogniserThread } from './recogniser-thread.ts';

export interface RecogniserOptions {
  /** Threads; one carries about ten callers speaking at once. */
  readonly workers?: number;
  /** Where models are kept between runs. */
  readonly cacheDir?: string;
  /** Whether a date must have its weekday in the coming year, which tells like-sounding dates apart; true by default. */
  readonly calendar?: boolean;
  /** Told when a thread dies. Its sessions reject; sessions opened later get a new thread. */
  readonly onFailure?: (error: LocalSpeechError) => void;
}

/** Speech recognition of short answers on telephone audio. Never throws: what is missing is told by ready() and finish(). */
export function createRecogniser(options: RecogniserOptions = {}): Recogniser {
  return new PocketSphinxRecogniser(options);
}

class PocketSphinxRecogniser implements Recogniser {
  readonly #options: RecogniserOptions;
  readonly #threads: RecogniserThread[];
  #closed: Promise<void> | undefined;

  constructor(options: RecogniserOptions) {
    this.#options = options;
    this.#threads = Array.from({ length: options.workers ?? 1 }, () => this.#startThread());
  }

  async ready(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.ready()));
  }

  open(): RecogniserSession {
    if (this.#closed) throw new LocalSpeechError('closed', 'the recogniser is closed');
    return this.#leastBusy().open();
  }

  async prepare(listening: Listening): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.prepare(listening)));
  }

  close(): Promise<void> {
    return (this.#closed ??= Promise.all(this.#threads.map((thread) => thread.close())).then(
      () => undefined,
    ));
  }

  #leastBusy(): RecogniserThread {
    this.#threads.forEach((thread, i) => {
      if (thread.failure?.retryable) this.#threads[i] = this.#startThread();
    });
    return this.#threads.reduce((best, thread) => (thread.sessions < best.sessions ? thread : best));
  }

  #startThread(): RecogniserThread {
    const probe = probeLocalSpeech();
    if (!probe.ok) {
      const advice = `embedded speech recognition lacks ${probe.missing.join(', ')}; install with: ${probe.command}`;
      return new RecogniserThread(
        new LocalSpeechError('engine-unavailable', advice),
        this.#options.onFailure,
      );
    }
    const workerData: RecogniserSetup = {
      cacheDir: this.#options.cacheDir ?? defaultCacheDir(),
      calendar: this.#options.calendar ?? true,
    };
    const worker = new Worker(new URL('./recogniser.worker.ts', import.meta.url), { workerData });
    return new RecogniserThread(worker, this.#options.onFailure);
  }
}
