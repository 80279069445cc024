import type { Temporal } from '@wardline/clinic-time';
import type { Expectation } from '@wardline/dialogue-words';
import type { ClinicFacts } from '../clinic.ts';
import { acceptsAnyTime, type Choice, readChoice, wantsSoonest } from './choice.ts';
import { chooseDate, type DateReading, findDates } from './dates.ts';
import { readDigits } from './digits.ts';
import { type EmergencyReading, readEmergency } from './emergency.ts';
import { type ChangeTopic, type Intent, readIntents, readTopic } from './intents.ts';
import { type OutreachReading, readOutreach } from './outreach.ts';
import { readName } from './person-name.ts';
import { chooseTime, findTimes, type TimeWish } from './times.ts';
import { readWho, type WhoReading } from './who.ts';
import { type Span, type Tokens, tokensOf } from './words.ts';
import { readYesNo, type YesNo } from './yes-no.ts';

export interface Reading {
  readonly emergency: EmergencyReading;
  /** Most urgent first. */
  readonly intents: readonly Intent[];
  readonly yesNo: YesNo;
  readonly who: WhoReading | undefined;
  readonly date: DateReading | undefined;
  readonly soonest: boolean;
  readonly time: TimeWish | undefined;
  readonly anyTime: boolean;
  readonly name: string | undefined;
  readonly choice: Choice | undefined;
  readonly topic: ChangeTopic | undefined;
  readonly digits: string;
  /** "earlier" or "later" than what was offered. */
  readonly shift: 'earlier' | 'later' | undefined;
  /** What matters only when it is us who called. */
  readonly outreach: OutreachReading;
}

export interface UnderstandingContext {
  /** The clinic's own day at the moment of speaking. */
  readonly today: Temporal.PlainDate;
  readonly clinic: ClinicFacts;
  readonly expects: readonly Expectation[];
}

/** Reads one utterance in every way that could matter. What to do with it is for the dialogue's state to say. */
export function understand(text: string, context: UnderstandingContext): Reading {
  const said = tokensOf(text);
  const expects = (what: Expectation): boolean => context.expects.includes(what);
  const name = expects('digits') ? undefined : readName(said, { expectsName: expects('person-name') });
  // Each word is read once: a name that sounds like a month is no date, "doctor may" neither.
  const unnamed = name ? mask(said, [name.span]) : said;
  const who = readWho(unnamed, { clinic: context.clinic, expectsWho: expects('doctor-or-department') });
  const rest = who?.kind === 'found' && who.span ? mask(unnamed, [who.span]) : unnamed;
  const dates = findDates(rest, context.today);
  const times = findTimes(rest, {
    dates: dates.map(({ span }) => span),
    expectsTime: expects('time') && !expects('digits'),
  });
  return {
    emergency: readEmergency(said),
    intents: readIntents(said),
    yesNo: readYesNo(said),
    who,
    date: chooseDate(rest, dates),
    soonest: wantsSoonest(said),
    time: chooseTime(rest, times)?.wish,
    anyTime: acceptsAnyTime(said),
    name: name?.name,
    choice: readChoice(
      mask(
        rest,
        dates.filter((date) => !(date.kind === 'days' && date.bareOrdinal)).map(({ span }) => span),
      ),
    ),
    topic: readTopic(said),
    digits: readDigits(said),
    shift: said.includes('earlier') ? 'earlier' : said.includes('later') ? 'later' : undefined,
    outreach: readOutreach(said),
  };
}

/** Takes words out without moving the others; "|" is nobody's word. */
function mask(tokens: Tokens, spans: readonly Span[]): string[] {
  return tokens.map((word, i) => (spans.some((span) => i >= span.start && i < span.end) ? '|' : word));
}
