export {
  EXPECTATIONS,
  type Expectation,
  type RecognitionStatus,
  type UtteranceEnd,
} from './dialogue-words.ts';
