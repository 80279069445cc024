// What callers say to the demo clinics, question by question, with the very listening that the dialogue asks for there.
import { Temporal } from '@wardline/clinic-time';
import type { Expectation } from '@wardline/dialogue-words';
import { demo } from '../../libs/contracts/src/demo.ts';
import { slotWords } from '../../services/carrier-simulator/src/cli/slot-words.ts';
import { vocabularyOf, type ClinicFacts } from '../../services/conversation-brain/src/domain/clinic.ts';
import { questionOf } from '../../services/conversation-brain/src/domain/flow/questions.ts';
import { newState, type Phase } from '../../services/conversation-brain/src/domain/state.ts';

export interface CallerLine {
  /** What kind of utterance it is; rows of the report. */
  readonly kind: string;
  readonly question: string;
  readonly said: string;
  readonly expects: readonly Expectation[];
  readonly clinic: ClinicFacts;
}

/** The dates of the 30 days from now are said: the recogniser knows which weekday a date has. */
export const TODAY = Temporal.Now.plainDateISO();
const ZONE = 'UTC';

const clinics: readonly ClinicFacts[] = demo.clinics.map((clinic) => ({
  ...clinic,
  callingCode: clinic.numbers[0]?.startsWith('+44') ? '+44' : '+1',
  doctors: clinic.doctors.map((doctor) => ({ ...doctor, acceptsBookings: true })),
}));
const [riverside, harbour] = clinics as [ClinicFacts, ClinicFacts];

const slot = { doctorId: '', doctorName: 'Dr. Brown', department: '', startMs: 0, endMs: 0 };
const phases = {
  greeting: { kind: 'new' },
  who: { kind: 'asking', what: 'who' },
  day: { kind: 'asking', what: 'day' },
  time: { kind: 'asking', what: 'time' },
  name: { kind: 'asking', what: 'name' },
  phone: { kind: 'asking', what: 'phone' },
  'read-back': { kind: 'confirming' },
  change: { kind: 'changing' },
  closing: { kind: 'closing' },
  offer: { kind: 'choosing', offer: [slot, { ...slot, startMs: 1 }] },
} as Record<string, Phase>;

/** What the dialogue listens for at that question: asked of the dialogue itself. */
function expectsAt(question: string, clinic: ClinicFacts): readonly Expectation[] {
  const phase = phases[question];
  if (!phase) throw new Error(`no question "${question}"`);
  const state = newState({ callId: 'c', clinicId: clinic.clinicId, startedAtMs: 0 });
  return questionOf({ s: { ...state, phase }, context: { nowMs: 0, clinic } }).expects;
}

export const vocabularyAt = (clinic: ClinicFacts): string[] => vocabularyOf(clinic);

const days = Array.from({ length: 30 }, (_, i) => TODAY.add({ days: i + 1 }));
const words = (date: Temporal.PlainDate, time = '09:00') =>
  slotWords(
    new Date(
      date.toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds,
    ),
    ZONE,
  );
const dayFirst = (date: Temporal.PlainDate): string => {
  const [month, ...day] = words(date).monthDay.split(' ');
  return `the ${day.join(' ')} of ${month}`;
};
const unique = (list: readonly string[]): string[] => [...new Set(list)];

/** Where the demo doctors' appointments begin: every 20 or 30 minutes from eight to six. */
const starts = Array.from({ length: 10 }, (_, i) => i + 8).flatMap((hour) =>
  ['00', '20', '30', '40'].map((minute) => `${String(hour).padStart(2, '0')}:${minute}`),
);
const times = unique(starts.map((start) => words(TODAY, start).time));
const shortTimes = unique(starts.map((start) => words(TODAY, start).timeShort));

const names = (
  'Peter Morgan|Daniel Cooper|Helen Parker|Thomas Walker|Karen Scott|Michael Turner|Sarah Johnson|Maria Garcia|James Wilson|' +
  'Linda Martinez|Robert Taylor|Jennifer Lee|David Thompson|Susan Clark|William Lewis|Nancy Young|John Smith|Laura Hill|' +
  'Anthony Green|Emily Baker|Mark Nelson|Rachel Carter|George Mitchell|Anna Roberts|Kevin Phillips|Julia Evans|' +
  'Raj Patel|Priya Singh|Sunil Gupta|Alice Edwards'
).split('|');
const phones = ['2025550143', '2025550110', '2025550187', '7185550126', '4045550199', '6195550164'];
const digit = 'zero one two three four five six seven eight nine'.split(' ');

function openings(clinic: ClinicFacts): string[] {
  const doctors = clinic.doctors.map(({ name }) => name.replace('Dr. ', ''));
  const last = doctors.map((name) => name.slice(name.lastIndexOf(' ') + 1));
  return [
    ...[...last, ...doctors].flatMap((name) => [
      `I'd like to see Doctor ${name}`,
      `I would like to make an appointment with doctor ${name} please`,
    ]),
    ...last.flatMap((name) => [
      `I would like to see doctor ${name} please`,
      `I want to book an appointment with doctor ${name}`,
      `can I get an appointment with doctor ${name}`,
    ]),
    ...clinic.doctors.flatMap(({ department, alsoCalled }) => [
      `I need an appointment in ${department}`,
      ...alsoCalled.map((one) => `I need to see a ${one}`),
    ]),
  ];
}

const plainOpenings = [
  'I need to book an appointment',
  "I'd like to book an appointment",
  'I would like to make an appointment',
  'I would like to make an appointment please',
  'I want to make an appointment',
  'an appointment please',
  'can I make an appointment please',
  'hello I need an appointment',
  'hi I would like to book an appointment please',
];

const whoLines = (clinic: ClinicFacts): string[] =>
  clinic.doctors.flatMap(({ name, department, alsoCalled }) => {
    const doctor = name.replace('Dr. ', 'Doctor ');
    const last = `Doctor ${name.slice(name.lastIndexOf(' ') + 1)}`;
    return [
      doctor,
      last,
      `${last} please`,
      `with ${last}`,
      department,
      ...alsoCalled,
      `a ${alsoCalled[0]} please`,
    ];
  });

const choices = (
  'the first one|the first one please|the second one|the second one please|the third one|the first|the second|first|second|' +
  'first one please|the earliest|the earliest please|the earliest one|the last one|the last one please|any of them|either one|' +
  'number one|number two|none of them|another day please|another day'
).split('|');
const yesNo = (
  "yes|yes please|yeah|yep|yes that's right|yes that is right|that's right|correct|yes that's correct|yes it is|sure|okay|right|" +
  "no|no thank you|no thanks|nope|no that's wrong|no that's not right|no it's not|that's wrong|that is not right|no that is wrong"
).split('|');
const closings =
  "no|no thank you|no thanks|no that's all|that's all thank you|no that is all|nothing else|yes|yes please".split(
    '|',
  );
const changes = (
  'the time|the time please|time|the day|the day please|day|the date|the doctor|doctor|the name|name|my name|the day and the time|' +
  'change the time|change the day|the time is wrong|the name is wrong|another time|another day|a different time|a different day|' +
  'I want a different time|can I change the time'
).split('|');
const always = (
  'operator|a person|a person please|I want to speak to a person please|can I speak to a person|I want to talk to a person|' +
  'speak to a person please|a human please|repeat that please|can you repeat that|could you repeat that please|' +
  'wait please say that again|say that again please|say it again|slower please|slower|speak slower please|' +
  'please speak more slowly|I want to cancel my appointment|cancel my appointment|I need to reschedule my appointment|' +
  'I have chest pain|this is an emergency|I need an ambulance|chest pain|my father is not breathing|goodbye'
).split('|');

/** Every line once; those that may come at any time go round the questions. */
export function callerLines(): CallerLine[] {
  const lines: CallerLine[] = [];
  const add = (kind: string, question: string, said: readonly string[], clinic = riverside): void => {
    for (const one of unique(said))
      lines.push({ kind, question, said: one, expects: expectsAt(question, clinic), clinic });
  };
  for (const clinic of clinics) {
    add('opening', 'greeting', openings(clinic), clinic);
    add('doctor or department', 'who', whoLines(clinic), clinic);
  }
  add('opening', 'greeting', plainOpenings);
  add(
    'date: weekday month day',
    'day',
    days.map((date) => words(date).date),
  );
  add(
    'date: month day',
    'day',
    days.map((date) => words(date).monthDay),
    harbour,
  );
  add('date: other', 'day', [
    ...days
      .slice(0, 7)
      .flatMap((date) => [
        words(date).weekday,
        `next ${words(date).weekday}`,
        `${words(date).weekday} please`,
      ]),
    ...days.filter((_, i) => i % 3 === 0).map(dayFirst),
    ...days.filter((_, i) => i % 7 === 0).map((date) => `on ${words(date).date}`),
    ...'tomorrow|today|the day after tomorrow|next week|tomorrow morning|monday afternoon|as soon as possible'.split(
      '|',
    ),
  ]);
  add('time: slot', 'time', times);
  add(
    'time: slot at the offer',
    'offer',
    times.filter((_, i) => i % 3 === 0),
  );
  add(
    'time: slot at a change',
    'change',
    times.filter((_, i) => i % 3 === 1),
  );
  add('time: other', 'time', [
    ...shortTimes.filter((_, i) => i % 2 === 0),
    ...times.filter((_, i) => i % 5 === 0).map((time) => `at ${time}`),
    ...times.filter((_, i) => i % 6 === 1).map((time) => `${time} please`),
    ...'half past two|half past nine|quarter past ten|quarter to three|noon|in the morning|in the afternoon'.split(
      '|',
    ),
    ...["two o'clock", "ten o'clock", 'any time', 'nine in the morning', 'three in the afternoon'],
  ]);
  add(
    'date and time',
    'day',
    days
      .filter((_, i) => i % 3 === 1)
      .map((date, i) => {
        const { date: day, time } = words(date, starts[(i * 7) % starts.length]);
        return `${day} at ${time}`;
      }),
  );
  add('choice', 'offer', choices);
  add('yes or no', 'read-back', yesNo);
  add('yes or no', 'closing', closings);
  add('what to change', 'change', changes);
  add(
    'name',
    'name',
    names.map((name, i) => (i % 3 === 0 ? name : `my name is ${name}`)),
  );
  add(
    'phone number',
    'phone',
    phones.map((phone) => [...phone].map((one) => digit[Number(one)]).join(' ')),
  );
  const rounds = ['greeting', 'day', 'read-back', 'name', 'time', 'who', 'closing', 'offer'];
  always.forEach((said, i) => add('at any time', rounds[i % rounds.length] as string, [said]));
  return lines;
}
