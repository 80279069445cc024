import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXPECTATIONS } from '@wardline/dialogue-words';
import { buildLanguageModel } from './language-model.ts';
import { PRONUNCIATIONS_FILE, writeAtomically } from './model-folder.ts';
import { Pronunciations } from './pronunciations.ts';

export interface BaseDictionary {
  readonly file: string;
  readonly words: ReadonlySet<string>;
}

/** Stands in for a clinic's own words: phrases that need some are left out of a model without, and their words with them. */
const ANY_CLINIC = ['Doctor John Smith', 'doctor'];

/**
 * The dictionary every decoder starts with: all words of our own phrases and names. The whole CMU dictionary would cost
 * each decoder 60 MB and half a second; this one 40 ms. A clinic's own words are added when they are needed.
 */
export function baseDictionary(cacheDir: string): BaseDictionary {
  const words = new Set(
    [...EXPECTATIONS.map((one) => [one]), ['open', 'date', 'time'] as const].flatMap(
      (expects) => buildLanguageModel({ expects, vocabulary: ANY_CLINIC }).words,
    ),
  );
  const version = createHash('sha256')
    .update([...words].sort().join(' '))
    .digest('hex')
    .slice(0, 12);
  const file = path.join(cacheDir, `base-${version}.dict`);
  if (existsSync(file)) return { file, words };
  const sounds = Pronunciations.fromFile(PRONUNCIATIONS_FILE);
  const lines = [...words].flatMap((word) =>
    sounds.of(word).map((phones, i) => `${i === 0 ? word : `${word}(${i + 1})`} ${phones}`),
  );
  writeAtomically(file, `${lines.join('\n')}\n`);
  return { file, words };
}
