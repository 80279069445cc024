import type { Recogniser } from '../api.ts';
import { LocalSpeechError } from '../errors.ts';

export interface RecogniserOptions {
  readonly workers?: number;
  readonly cacheDir?: string;
}

export function createRecogniser(_options: RecogniserOptions = {}): Recogniser {
  throw new LocalSpeechError('engine-unavailable', 'the recogniser is being built');
}
