import { FIRST_NAMES } from './grammar/names.ts';

/** A clinic's words, sorted by how callers use them. */
export interface ClinicWords {
  /** Said with or without "doctor" before: "anita sharma", "sharma". */
  readonly doctors: readonly string[];
  /** Departments and what else one can ask to see: "cardiology", "heart doctor". */
  readonly topics: readonly string[];
}

/** Lower-case words of a phrase; punctuation goes, apostrophes inside words stay. "Dr." becomes "doctor". */
export function wordsOf(phrase: string): string[] {
  return phrase
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[\u2019]/g, "'")
    .replace(/\bdr\b\.?/g, 'doctor')
    .replace(/[^a-z']+/g, ' ')
    .split(' ')
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

const firstNames = new Set(FIRST_NAMES);

/** "Dr." before, or a known given name in front of one or two more words, makes a phrase a doctor's name. */
export function sortVocabulary(vocabulary: readonly string[]): ClinicWords {
  const doctors = new Set<string>();
  const topics = new Set<string>();
  for (const phrase of vocabulary) {
    const words = wordsOf(phrase);
    if (words.length === 0) continue;
    const titled = words[0] === 'doctor' && words.length > 1;
    const named = words.length > 1 && words.length < 4 && firstNames.has(words[0] as string);
    if (!titled && !named) topics.add(words.join(' '));
    else doctors.add((titled ? words.slice(1) : words).join(' '));
  }
  return { doctors: [...doctors], topics: [...topics] };
}
