/** What the dialogue waits for: sets the recogniser's language and how long a silence ends the turn. */
export type Expectation =
  | 'open'
  | 'yes-no'
  | 'date'
  | 'time'
  | 'person-name'
  | 'digits'
  | 'doctor-or-department'
  /** Beside what was asked, of somebody whom the clinic calls. */
  | 'called-person';

export interface ListenSettings {
  readonly expects: readonly Expectation[];
  /** The clinic's own words. */
  readonly vocabulary: readonly string[];
  /** Silence until the caller counts as silent; undefined: the dialogue does not ask. */
  readonly noInputMs: number | undefined;
  /** Silence that ends a turn, when the dialogue wants its own figure. */
  readonly endOfTurnMs: number | undefined;
}

/** In force until the dialogue says otherwise. */
export const defaultListenSettings: ListenSettings = {
  expects: ['open'],
  vocabulary: [],
  noInputMs: undefined,
  endOfTurnMs: undefined,
};
