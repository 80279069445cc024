import {
  understand,
  type Reading,
} from '../../services/conversation-brain/src/domain/understanding/understand.ts';
import { TODAY, type CallerLine } from './caller-lines.ts';

/** What the dialogue would make of a text at that question, without the places of words in it. */
export function meaningOf(text: string, line: CallerLine): string {
  const reading: Reading = understand(text, { today: TODAY, clinic: line.clinic, expects: line.expects });
  return JSON.stringify(reading, (key, value: unknown) => (key === 'span' ? undefined : value)).toLowerCase();
}

/** Two texts are as good as each other when the dialogue reads the same in both: "yeah" for "yes" is no mistake. */
export const sameMeaning = (said: string, heard: string, line: CallerLine): boolean =>
  meaningOf(said, line) === meaningOf(heard, line);

/** Nothing at all was read in it: for the dialogue that is the same as not having heard. */
export const meansNothing = (text: string, line: CallerLine): boolean =>
  meaningOf(text, line) === meaningOf('', line);
