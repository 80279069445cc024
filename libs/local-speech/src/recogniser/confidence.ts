import type { RecognitionStatus } from '@wardline/dialogue-words';
import type { Recognition } from '../api.ts';
import type { Segment } from './pocketsphinx.ts';
import { CALIBRATION } from './calibration.ts';
import { isImplausible, type Day } from './plausible.ts';
import type { SeenSequences } from './seen-sequences.ts';

export interface Heard {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** Natural logarithm of the sentence's share in the lattice. */
  readonly posterior: number;
  readonly alternatives: readonly string[];
}

export const FEATURES = [
  'posteriorMean',
  'posteriorMin',
  'sentence',
  'acoustic',
  'acousticWorst',
  'unseenPairs',
  'unseenTriples',
  'speechLog',
  'rate',
  'second',
  'wordsLog',
  'rateOff',
  'speechOff',
  'acousticOff',
  'single',
  'singleAcoustic',
] as const;
export type Features = Readonly<Record<(typeof FEATURES)[number], number>>;

/** The dialogue gets no more than these; the choice is made among all. */
const ALTERNATIVES_MAX = 4;
const NOTHING: Recognition = { text: '', confidence: 0, status: 'not-understood', alternatives: [] };
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Words only: sentence marks, silence and noise fillers out, and `for(3)` back to `for`. */
function spoken(segments: readonly Segment[]): Segment[] {
  return segments
    .filter((segment) => !/^[<[+]/.test(segment.word))
    .map((segment) => ({ ...segment, word: segment.word.replace(/\(\d+\)$/, '') }));
}

const plain = (text: string): string[] => text.split(' ').map((word) => word.replace(/\(\d+\)$/, ''));

export interface Choice {
  readonly text: string;
  /** How much speaks against it: word sequences no phrase has, and what nobody would say. */
  readonly doubts: number;
}

/**
 * The best reading that could have been said. The engine's own order knows sounds and three words in a row; this asks
 * further whether the whole is a phrase and makes sense.
 */
export function chooseReading(heard: Heard, seen: SeenSequences, today: Day | undefined): Choice {
  let best: Choice | undefined;
  for (const text of [heard.text, ...heard.alternatives]) {
    const doubts = (seen.unseen(plain(text)).triples > 0 ? 1 : 0) + (isImplausible(text, today) ? 1 : 0);
    if (!best || doubts < best.doubts) best = { text, doubts };
    if (doubts === 0) break;
  }
  return best as Choice;
}

/**
 * What tells a real answer from one made up. The engine always finds some sequence of its own words; in speech that it
 * was not made for, the words have rivals (posteriors), fit the sound badly (acoustic), and follow one another as no
 * phrase of ours does (unseen pairs and triples).
 */
export function featuresOf(heard: Heard, seen: SeenSequences, chosen = heard.text): Features | undefined {
  const words = spoken(heard.segments);
  if (words.length === 0) return undefined;
  const frames = words.map((word) => word.last - word.first + 1);
  const total = frames.reduce((sum, count) => sum + count, 0);
  const acoustic = words.map((word, i) => word.acoustic / (frames[i] as number));
  const posteriors = words.map((word) => clamp(word.posterior, -10, 0));
  const unseen = seen.unseen(plain(chosen));
  const fit = words.reduce((sum, word) => sum + word.acoustic, 0) / total;
  const rate = words.length / (total / 100);
  const count = chosen.split(' ').length;
  return {
    posteriorMean: posteriors.reduce((sum, value) => sum + value, 0) / words.length,
    posteriorMin: Math.min(...posteriors),
    sentence: clamp(heard.posterior / Math.sqrt(words.length), -15, 0),
    acoustic: fit,
    acousticWorst: clamp(Math.min(...acoustic), -15, 0),
    unseenPairs: unseen.pairs,
    unseenTriples: unseen.triples,
    speechLog: Math.log(total),
    rate,
    second: chosen === heard.text ? 0 : 1,
    wordsLog: Math.log(count),
    // Noise fits too well or lasts too long for a word: what is unusual counts in either direction.
    rateOff: Math.min(9, (rate - 2.8) ** 2),
    speechOff: (Math.log(total) - 4.9) ** 2,
    acousticOff: (fit + 3) ** 2,
    single: count === 1 ? 1 : 0,
    singleAcoustic: count === 1 ? fit : 0,
  };
}

/** Logistic regression: the probability that every word is right. */
export function confidenceOf(features: Features): number {
  const sum = FEATURES.reduce(
    (total, name) =>
      total +
      CALIBRATION.weights[name] * ((features[name] - CALIBRATION.mean[name]) / CALIBRATION.scale[name]),
    CALIBRATION.bias,
  );
  return 1 / (1 + Math.exp(-sum));
}

function statusOf(confidence: number): RecognitionStatus {
  if (confidence >= CALIBRATION.confidentFrom) return 'confident';
  return confidence >= CALIBRATION.unsureFrom ? 'unsure' : 'not-understood';
}

/** Decides what a recognition is worth. What is not understood carries no text: nobody can act on it by mistake. */
export function judge(heard: Heard, seen: SeenSequences, today?: Day): Recognition {
  if (heard.text === '') return NOTHING;
  const { text } = chooseReading(heard, seen, today);
  const features = featuresOf(heard, seen, text);
  if (!features) return NOTHING;
  // However clear it sounded: what nobody would say is asked about first.
  const most = isImplausible(text, today) ? CALIBRATION.confidentFrom - 0.001 : 1;
  const confidence = Math.round(Math.min(most, confidenceOf(features)) * 1000) / 1000;
  const status = statusOf(confidence);
  if (status === 'not-understood') return { ...NOTHING, confidence };
  const others = [heard.text, ...heard.alternatives].filter((other) => other !== text);
  return { text, confidence, status, alternatives: others.slice(0, ALTERNATIVES_MAX) };
}
