import type { Expectation, RecognitionStatus } from '@wardline/dialogue-words';

/**
 * What local speech offers, as its consumers see it. All audio is mono 16-bit at 8 kHz. Nothing here blocks: every
 * engine lives in a worker thread, and the calling thread only hands samples over.
 */

/** Speech probability over time, for one call. */
export interface VadStream {
  /** Any number of samples; judged in windows of 256 (32 ms). */
  push(samples: Int16Array): void;
  /** `probability` 0–1 for the window that ends before sample `atSample`, counted from the stream's first sample. */
  onProbability(listener: (probability: number, atSample: number) => void): void;
  /** No listener is called afterwards. Idempotent. */
  close(): void;
}

export interface Vad {
  /** Resolves when the model is loaded; `open` may be called before. */
  ready(): Promise<void>;
  open(): VadStream;
  close(): Promise<void>;
}

export interface Listening {
  /** Several may be expected at once, e.g. a date and a time. */
  readonly expects: readonly Expectation[];
  /** The clinic's own words: "Anita Sharma", "cardiology", "heart doctor". Matched without case or punctuation. */
  readonly vocabulary: readonly string[];
  /**
   * Whole sentences in place of the callers' phrases, for listening to somebody who is no caller (the simulated caller
   * hears a receptionist). Classes such as `$DATE` are filled in; `expects` then counts for nothing.
   */
  readonly sentences?: readonly string[];
}

export interface Recognition {
  /** Lower-case words as spoken: "tuesday march twelfth at four thirty p m". */
  readonly text: string;
  /** Estimated probability, 0–1, that the text is what was said. */
  readonly confidence: number;
  readonly status: RecognitionStatus;
  /** Other readings, best first; may be empty. */
  readonly alternatives: readonly string[];
}

export interface RecogniserSession {
  /** Chooses the search for the utterances started from now on; an utterance under way keeps its own. */
  listen(listening: Listening): void;
  /** Begins an utterance; one that was under way is dropped. */
  start(): void;
  /** Audio of the utterance, as it arrives. Ignored outside of one. */
  push(samples: Int16Array): void;
  /** What has been heard of the present utterance so far; may still change. */
  partial(): string;
  onPartial(listener: (text: string) => void): void;
  /** Ends the utterance. Without one: not-understood. Rejects only with LocalSpeechError 'engine-failed' or 'closed'. */
  finish(): Promise<Recognition>;
  /** Drops the utterance without a result. */
  abort(): void;
  close(): void;
}

export interface Recogniser {
  /** Resolves when the first decoder is loaded; rejects with LocalSpeechError 'engine-unavailable' where it cannot be. */
  ready(): Promise<void>;
  /** One session per call; it keeps what it has learnt about the line. */
  open(call?: { readonly callId?: string }): RecogniserSession;
  /** Builds the search ahead, so that the first `listen` of a call finds it ready. */
  prepare(listening: Listening): Promise<void>;
  close(): Promise<void>;
}

export interface SpeechOptions {
  /** 1 is normal, 0.8 slower, 1.2 faster; kept within 0.5–2. */
  readonly rate?: number;
}

export interface Synthesiser {
  ready(): Promise<void>;
  /** The whole text. Peak about -6 dBFS, at most 60 ms of silence at either end. */
  synthesise(text: string, options?: SpeechOptions): Promise<Int16Array>;
  /** The same, clause by clause, so that the first words are there while the rest is being made. */
  stream(text: string, options?: SpeechOptions): AsyncIterable<Int16Array>;
  close(): Promise<void>;
}
