export type LocalSpeechErrorCode =
  /** Libraries or models are not installed; `probeLocalSpeech()` says what and how to get it. */
  | 'engine-unavailable'
  /** The engine's thread died or reported an error; opening a new engine may help. */
  | 'engine-failed'
  /** Used after close(). */
  | 'closed';

export class LocalSpeechError extends Error {
  readonly code: LocalSpeechErrorCode;
  readonly retryable: boolean;

  constructor(code: LocalSpeechErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LocalSpeechError';
    this.code = code;
    this.retryable = code === 'engine-failed';
  }
}
