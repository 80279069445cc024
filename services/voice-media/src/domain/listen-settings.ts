import type { Expectation } from '@wardline/dialogue-words';

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
