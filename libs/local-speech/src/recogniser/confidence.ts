import type { Recognition, RecognitionStatus } from '../api.ts';
import type { Segment } from './pocketsphinx.ts';

export interface Heard {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** Natural logarithm of the sentence's share in the lattice. */
  readonly posterior: number;
  readonly alternatives: readonly string[];
}

export function judge(heard: Heard): Recognition {
  const words = heard.segments.filter((s) => !/^[<[]/.test(s.word));
  if (heard.text === '' || words.length === 0)
    return { text: '', confidence: 0, status: 'not-understood', alternatives: [] };
  const frames = words.reduce((sum, s) => sum + s.last - s.first + 1, 0);
  const perFrame = words.reduce((sum, s) => sum + s.acoustic, 0) / frames;
  const confidence = 1 / (1 + Math.exp(perFrame - 4));
  const status: RecognitionStatus =
    confidence > 0.6 ? 'confident' : confidence > 0.3 ? 'unsure' : 'not-understood';
  return { text: heard.text, confidence, status, alternatives: heard.alternatives };
}
