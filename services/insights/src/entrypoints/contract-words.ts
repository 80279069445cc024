import { events } from '@wardline/contracts';

/** The values of an enum of the contracts as words: CALL_BACK_REQUESTED is "call-back-requested", and back. */
function words<E extends Record<string, string | number>>(values: E) {
  type Value = Extract<E[keyof E], number>;
  const entries = Object.entries(values).filter(
    (entry): entry is [string, Value] => typeof entry[1] === 'number',
  );
  const toWord = new Map(entries.map(([name, value]) => [value, name.toLowerCase().replaceAll('_', '-')]));
  const toValue = new Map([...toWord].map(([value, word]) => [word, value]));
  return {
    of: (value: Value): string => toWord.get(value) ?? 'unspecified',
    valueOf: (word: string): Value => toValue.get(word) ?? (0 as Value),
  };
}

export const directions = words(events.CallDirection);
export const outcomes = words(events.CallOutcome);
export const callStates = words(events.CallState);
export const campaignStates = words(events.CampaignState);
export const results = words(events.RecipientResult);
