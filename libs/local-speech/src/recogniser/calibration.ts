import type { Features } from './confidence.ts';

type PerFeature = Readonly<Record<keyof Features, number>>;

/**
 * Logistic regression on 1,382 utterances through the telephone band: the 956 caller's lines of `npm run eval -- caller`
 * (flite rms and slt), 114 lines of flite rms and espeak en-us, 36 joined from recorded human words, and against them 236 out
 * of domain (170 recorded Asterisk prompts, 6 pieces of LibriVox, 60 synthetic sentences) and 40 noises (white, pink and brown
 * noise, tones, plucked strings, babble, reversed and muffled speech) under the listenings of ten questions in turn. Right and
 * wrong are weighted equally. Cross-validated in five folds, at about this threshold, 98.8 % of the caller's lines that were
 * right are confident, and 22 of 23 of the human ones; 7.6 % of out-of-domain speech (6.4 %, 15 of 236, by the final
 * coefficients; some are answers, such as "no") and no noise. Four of five mistakes that sound like an answer, such as "five" for
 * "four", are confident all the same: no confidence tells like-sounding words apart; reading back does.
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
  bias: 0.184,
  mean: {
    posteriorMean: -0.546,
    posteriorMin: -1.302,
    sentence: -2.136,
    acoustic: -3.376,
    acousticWorst: -4.388,
    unseenPairs: 0.08,
    unseenTriples: 0.141,
    speechLog: 4.887,
    rate: 2.768,
    second: 0.017,
    wordsLog: 1.253,
    rateOff: 0.61,
    speechOff: 0.29,
    acousticOff: 0.907,
    single: 0.114,
    singleAcoustic: -0.356,
  },
  scale: {
    posteriorMean: 0.902,
    posteriorMin: 1.906,
    sentence: 1.611,
    acoustic: 0.875,
    acousticWorst: 1.633,
    unseenPairs: 0.195,
    unseenTriples: 0.313,
    speechLog: 0.538,
    rate: 0.785,
    second: 0.131,
    wordsLog: 0.677,
    rateOff: 0.87,
    speechOff: 0.429,
    acousticOff: 1.683,
    single: 0.318,
    singleAcoustic: 1.08,
  },
  weights: {
    posteriorMean: 0.718,
    posteriorMin: -0.51,
    sentence: 0.985,
    acoustic: 0.406,
    acousticWorst: 0.344,
    unseenPairs: -2.121,
    unseenTriples: -1.202,
    speechLog: 0.076,
    rate: -0.2,
    second: -0.281,
    wordsLog: 0.35,
    rateOff: -0.374,
    speechOff: -0.241,
    acousticOff: -0.335,
    single: -1.094,
    singleAcoustic: -1.128,
  },
  confidentFrom: 0.42,
  unsureFrom: 0.25,
};
