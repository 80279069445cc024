import { intentPhrases } from './intents.ts';
import { fillers } from './words.ts';

const calendar =
  'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december ' +
  'today tomorrow yesterday tonight week weeks weekend month months day days morning afternoon evening night noon midday midnight ' +
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth ' +
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty hundred half quarter past next last';
const everyday =
  'a again all am are as ask at be because been before between but by call called calling came can cannot care clinic come could department did do does done earlier else feel feeling for from get give go going got ' +
  'had has have having he hear help her here hers him his hospital how i if ill in into is it its later leave let look looking me mine more much must my myself name names need needs never new no none nope not now number of off old on only or other our out over ' +
  "pain patient pregnant really same see she should sick so some someone something soon speak speaking still such tell than that their them then there they they're thing things this those through to too trouble understand until up upon urgent us very wait was way we were " +
  "what when where which while who whole why will wish with without won't wondering wrong wants yes yeah you your i'll i've i'd he's she's doctor doctors physician specialist nurse person human mister mrs miss ms okay AM PM o'clock any also anyone anybody";

/** Words that are never a caller's or a doctor's name by mere likeness. They may still be one when nothing else fits. */
export const commonWords: ReadonlySet<string> = new Set([
  ...everyday.split(' '),
  ...calendar.split(' '),
  ...fillers,
  ...intentPhrases.flatMap(([, phrases]) => phrases.flatMap((phrase) => phrase.split(' '))),
]);

export const calendarWords: ReadonlySet<string> = new Set(calendar.split(' '));
