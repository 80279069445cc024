import { events } from '@wardline/contracts';

/** The values of an enum of the contracts as words: CALL_BACK_REQUESTED is "call-back-requested", and back. */
function words<V extends number>(values: Readonly<Record<string, V>>) {
  const toWord = new Map<number, string>(
    Object.entries(values).map(([name, value]) => [value, name.toLowerCase().replaceAll('_', '-')]),
  );
  const toValue = new Map(Object.values(values).map((value) => [toWord.get(value), value]));
  return {
    of: (value: number): string => toWord.get(value) ?? 'unspecified',
    /** Undefined for a word that this version does not know. */
    valueOf: (word: string): V | undefined => toValue.get(word),
  };
}

export const directions = words(events.CallDirection);
export const outcomes = words(events.CallOutcome);
export const callStates = words(events.CallState);
export const campaignStates = words(events.CampaignState);
export const results = words(events.RecipientResult);
