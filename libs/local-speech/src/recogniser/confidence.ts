import type { Recognition, RecognitionStatus } from '../api.ts';
import type { Segment } from './pocketsphinx.ts';
import { CALIBRATION } from './calibration.ts';
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
] as const;
export type Features = Readonly<Record<(typeof FEATURES)[number], number>>;

const NOTHING: Recognition = { text: '', confidence: 0, status: 'not-understood', alternatives: [] };
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Words only: sentence marks, silence and noise fillers out, and `for(3)` back to `for`. */
function spoken(segments: readonly Segment[]): Segment[] {
  return segments
    .filter((segment) => !/^[<[+]/.test(segment.word))
    .map((segment) => ({ ...segment, word: segment.word.replace(/\(\d+\)$/, '') }));
}

/**
 * What tells a real answer from one made up. The engine always finds some sequence of its own words; in speech that it
 * was not made for, the words have rivals (posteriors), fit the sound badly (acoustic), and follow one another as no
 * phrase of ours does (unseen pairs and triples).
 */
export function featuresOf(heard: Heard, seen: SeenSequences): Features | undefined {
  const words = spoken(heard.segments);
  if (words.length === 0) return undefined;
  const frames = words.map((word) => word.last - word.first + 1);
  const total = frames.reduce((sum, count) => sum + count, 0);
  const acoustic = words.map((word, i) => word.acoustic / (frames[i] as number));
  const posteriors = words.map((word) => clamp(word.posterior, -10, 0));
  const unseen = seen.unseen(words.map((word) => word.word));
  return {
    posteriorMean: posteriors.reduce((sum, value) => sum + value, 0) / words.length,
    posteriorMin: Math.min(...posteriors),
    sentence: clamp(heard.posterior / Math.sqrt(words.length), -15, 0),
    acoustic: words.reduce((sum, word) => sum + word.acoustic, 0) / total,
    acousticWorst: clamp(Math.min(...acoustic), -15, 0),
    unseenPairs: unseen.pairs,
    unseenTriples: unseen.triples,
    speechLog: Math.log(total),
    rate: words.length / (total / 100),
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
export function judge(heard: Heard, seen: SeenSequences): Recognition {
  const features = heard.text === '' ? undefined : featuresOf(heard, seen);
  if (!features) return NOTHING;
  const confidence = Math.round(confidenceOf(features) * 1000) / 1000;
  const status = statusOf(confidence);
  if (status === 'not-understood') return { ...NOTHING, confidence };
  return { text: heard.text, confidence, status, alternatives: heard.alternatives };
}
