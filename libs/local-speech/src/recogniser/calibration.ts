import type { Features } from './confidence.ts';

type PerFeature = Readonly<Record<keyof Features, number>>;

/**
 * Logistic regression on 501 utterances through the telephone band, with the demo clinic's vocabulary: 228 in-domain
 * lines (flite slt and rms, espeak en-us and en-gb+f3; 152 recognised without an error), 236 out of domain (170 recorded
 * Asterisk prompts, 6 pieces of LibriVox, 60 synthetic sentences) and 40 noises (white, pink and brown noise, tones, plucked
 * strings, babble, reversed and muffled speech), each of the latter under one of nine expectations in turn. Classes are
 * weighted equally. Cross-validated in five folds at these thresholds: 91 % of what was right is confident; 94 % of
 * out-of-domain speech and 95 % of noise is not; of 76 wrongly recognised in-domain lines (nearly all espeak's) 33 % are
 * confident all the same, which is why every answer is read back. "Right" means every word.
 */
export const CALIBRATION: {
  readonly bias: number;
  readonly mean: PerFeature;
  readonly scale: PerFeature;
  readonly weights: PerFeature;
  /** From here on an answer is acted on. */
  readonly confidentFrom: number;
  /** Below this it is not even shown to the dialogue. */
  readonly unsureFrom: number;
} = {
  bias: -3.31,
  mean: {
    posteriorMean: -1.158,
    posteriorMin: -2.748,
    sentence: -3.285,
    acoustic: -4.252,
    acousticWorst: -5.771,
    unseenPairs: 0.246,
    unseenTriples: 0.455,
    speechLog: 5.005,
    rate: 2.924,
  },
  scale: {
    posteriorMean: 1.277,
    posteriorMin: 2.676,
    sentence: 2.172,
    acoustic: 1.113,
    acousticWorst: 2.071,
    unseenPairs: 0.265,
    unseenTriples: 0.394,
    speechLog: 0.597,
    rate: 0.86,
  },
  weights: {
    posteriorMean: 1.029,
    posteriorMin: 1.181,
    sentence: 0.345,
    acoustic: 0.008,
    acousticWorst: 0.92,
    unseenPairs: -1.988,
    unseenTriples: -1.626,
    speechLog: 0.516,
    rate: 0.254,
  },
  confidentFrom: 0.6,
  unsureFrom: 0.25,
};
