/** What a hospital reads for a result or a state in the console: our own list, so that a slip in the console's is seen. */
const words: Readonly<Record<string, string>> = {
  confirmed: 'Confirmed',
  moved: 'Moved',
  booked: 'Booked',
  cancelled: 'Cancelled',
  'handed-over': 'Handed to a person',
  'call-back': 'To be called back',
  'voicemail-left': 'Message left',
  'no-decision': 'Decided nothing',
  'opted-out': 'Does not want calls',
  'not-allowed': 'May not be called',
  'invalid-number': 'Number does not exist',
  'not-reached': 'Not reached',
  'not-called': 'Not called',
  waiting: 'Waiting',
  queued: 'About to be called',
  live: 'In a call',
};

export const inWords = (result: string): string => words[result] ?? result;

interface Told {
  readonly recipients: readonly {
    readonly externalId: string | null;
    readonly state: string;
    readonly result: string | null;
  }[];
  readonly results: readonly { readonly result: string; readonly count: number }[];
}

/** The end as it stands in the page: result in words and count; each person's id of the hospital and result in words. */
export interface Shown {
  readonly counts: ReadonlyMap<string, number>;
  readonly people: ReadonlyMap<string, string>;
}

/** Where the page and the API disagree in the end. Pure. */
export function differences(shown: Shown, told: Told): string[] {
  const found: string[] = [];
  const counts = new Map(told.results.map(({ result, count }) => [inWords(result), count]));
  for (const name of new Set([...counts.keys(), ...shown.counts.keys()])) {
    const [page, api] = [shown.counts.get(name) ?? 0, counts.get(name) ?? 0];
    if (page !== api) found.push(`the page counts ${page} times "${name}", the API ${api}`);
  }
  if (shown.people.size !== told.recipients.length)
    found.push(`the page lists ${shown.people.size} people, the API ${told.recipients.length}`);
  for (const { externalId, state, result } of told.recipients) {
    const page = shown.people.get(externalId ?? '');
    const api = inWords(result ?? state);
    if (page !== api)
      found.push(`the page says "${page ?? 'nothing'}" of ${externalId ?? '?'}, the API "${api}"`);
  }
  return found;
}
