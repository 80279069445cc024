import type { Expectation } from '@wardline/dialogue-words';
import type { ListenSettings } from './listen-settings.ts';

/**
 * How long a caller may pause inside an answer, by what is asked. A number is dictated in groups with breaths between
 * them, a yes is not.
 */
export const endOfTurnMsByExpectation: Readonly<Record<Expectation, number>> = {
  'yes-no': 450,
  open: 550,
  date: 550,
  time: 550,
  'doctor-or-department': 550,
  'person-name': 650,
  digits: 800,
  'called-person': 450,
};

/** Below this a breath inside a phrase would end the turn, whatever has been recognised. */
export const endOfTurnMsMin = 350;
const completeMs = 400;
const unfinishedExtraMs = 350;
const endOfTurnMsMax = 2_000;

/** Words after which English goes on. "The" and "doctor" wait for a name, "at" for a time. */
const connecting = new Set(
  'a an and at about after before between but by doctor dr for from in my next of on or our the this to uh um with'.split(
    ' ',
  ),
);

const yesNo = new Set('yes no yeah yep nope correct right sure okay ok'.split(' '));
const closesTime = new Set(
  'am pm noon midnight morning afternoon evening thirty fifteen forty-five'.split(' '),
);
const weekdays = new Set(
  'monday tuesday wednesday thursday friday saturday sunday today tomorrow'.split(' '),
);
const months = new Set(
  'january february march april may june july august september october november december'.split(' '),
);
const ordinal =
  /^(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|twentieth|thirtieth|\d{1,2}(st|nd|rd|th))$/;

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/\b([ap])\.? m\b\.?/g, '$1m')
    .replace(/[.,!?]/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Whether what was recognised so far answers the question by itself, so that little more is to be waited for. */
export function completes(expects: readonly Expectation[], partial: string): boolean {
  const words = wordsOf(partial);
  const last = words.at(-1);
  if (last === undefined || connecting.has(last)) return false;
  return expects.some((expectation) => {
    switch (expectation) {
      case 'yes-no':
        return words.length <= 3 && words.some((word) => yesNo.has(word));
      case 'time':
        return closesTime.has(last);
      case 'date':
        return weekdays.has(last) || (ordinal.test(last) && words.some((word) => months.has(word)));
      case 'open':
      case 'person-name':
      case 'digits':
      case 'doctor-or-department':
      case 'called-person':
        // None of these has a recognisable end: a second name, another digit or a wish may follow.
        return false;
      default:
        throw new Error(`unreachable ${String(expectation satisfies never)}`);
    }
  });
}

/** Whether the partial ends where English cannot: "on the", "with doctor". */
export function isUnfinished(partial: string): boolean {
  const last = wordsOf(partial).at(-1);
  return last !== undefined && connecting.has(last);
}

/** The silence, in ms, that ends the turn now. With several expectations the most patient one counts. */
export function requiredSilenceMs(settings: ListenSettings, partial: string): number {
  const byExpectation = settings.expects.map((expectation) => endOfTurnMsByExpectation[expectation]);
  const asked =
    settings.endOfTurnMs ??
    Math.max(...byExpectation, byExpectation.length === 0 ? endOfTurnMsByExpectation.open : 0);
  if (isUnfinished(partial)) return Math.min(asked + unfinishedExtraMs, endOfTurnMsMax);
  const wanted = completes(settings.expects, partial) ? Math.min(asked, completeMs) : asked;
  return Math.min(Math.max(wanted, endOfTurnMsMin), endOfTurnMsMax);
}
