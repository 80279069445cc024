export {
  type Listening,
  type Recogniser,
  type RecogniserSession,
  type Recognition,
  type SpeechOptions,
  type Synthesiser,
  type Vad,
  type VadStream,
} from './api.ts';
export { LocalSpeechError, type LocalSpeechErrorCode } from './errors.ts';
export { probeLocalSpeech, type SpeechProbe } from './probe.ts';
export { createRecogniser, type RecogniserOptions } from './recogniser/recogniser.ts';
export { createSynthesiser, type SynthesiserOptions } from './synthesiser/synthesiser.ts';
export { splitClauses } from './synthesiser/clauses.ts';
export { createVad, type VadOptions } from './vad/vad.ts';
