/** All that a dialogue can wait for; each is an answer to one kind of question. */
export const EXPECTATIONS = [
  'open',
  'yes-no',
  'date',
  'time',
  'person-name',
  'digits',
  'doctor-or-department',
  /** Beside what was asked, of somebody whom the clinic calls. */
  'called-person',
] as const;

/**
 * What the dialogue waits for: it narrows what the recogniser searches, and sets how long a silence ends the turn.
 * Several may be expected at once, e.g. a date and a time.
 */
export type Expectation = (typeof EXPECTATIONS)[number];

/**
 * confident: act on it (after reading back). unsure: ask again or confirm explicitly. not-understood: there was
 * nothing in it that was waited for; the text is empty.
 */
export type RecognitionStatus = 'confident' | 'unsure' | 'not-understood';

/**
 * How something that the agent says ended. played: to its end. interrupted: the caller spoke into it. replaced: something
 * newer was to be said. failed: it could not be spoken.
 */
export type UtteranceEnd = 'played' | 'interrupted' | 'replaced' | 'failed';
