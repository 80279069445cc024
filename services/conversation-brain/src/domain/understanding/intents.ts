import { hasPhrase, type Tokens } from './words.ts';

/** What a caller wants of the call itself, apart from the details of a booking. */
export type Intent =
  | 'person'
  | 'repeat'
  | 'slower'
  | 'cancel-appointment'
  | 'move-appointment'
  | 'goodbye'
  /** "no thank you": ends the call after "anything else?", and is a plain no anywhere else. */
  | 'no-thanks'
  | 'give-up'
  | 'hold-on'
  | 'other-topic'
  | 'book';

const appointmentWords = ['appointment', 'appointments', 'booking', 'visit', 'reservation'];
const cancelWords = ['cancel', 'canceled', 'cancelled', 'cancelling', 'canceling', 'call off'];
const moveWords = [
  'move',
  'reschedule',
  'rescheduled',
  'postpone',
  'change',
  'shift',
  'push back',
  'bring forward',
];

/** Phrases by intent, in the order in which they are looked at: what must always work comes first. */
export const intentPhrases: readonly (readonly [Intent, readonly string[]])[] = [
  [
    'person',
    [
      'operator',
      'a person',
      'real person',
      'a human',
      'human being',
      'human',
      'representative',
      'receptionist',
      'reception',
      'an agent',
      'real agent',
      'speak to someone',
      'speak to somebody',
      'speak with someone',
      'speak with somebody',
      'talk to someone',
      'talk to somebody',
      'talk with someone',
      'talk with somebody',
      'talk to a nurse',
      'speak to a nurse',
      'speak to a doctor',
      'talk to a doctor',
      'the front desk',
      'front desk',
      'transfer me',
      'connect me',
      'put me through',
      'speak to staff',
      'someone real',
      'live person',
      'customer service',
      'the manager',
    ],
  ],
  ['slower', ['slower', 'slow down', 'slowly', 'more slowly', 'too fast', 'not so fast']],
  [
    'repeat',
    [
      'repeat',
      'say that again',
      'say it again',
      'once more',
      'come again',
      'pardon',
      'what did you say',
      "didn't hear",
      "didn't catch",
      "didn't get that",
      "couldn't hear",
      "can't hear you",
      'what was that',
      'one more time',
      'excuse me',
      'again please',
      "didn't understand",
      "don't understand",
      'do not understand',
      'say again',
    ],
  ],
  [
    'hold-on',
    [
      'hold on',
      'one moment',
      'just a moment',
      'a minute',
      'one second',
      'just a second',
      'a second',
      'hang on',
      'let me think',
      'let me see',
      'let me check',
      'one sec',
      'give me a moment',
    ],
  ],
  [
    'give-up',
    [
      'forget it',
      'never mind',
      'nevermind',
      'forget about it',
      'leave it',
      "don't want an appointment",
      "don't need an appointment",
      'stop it',
      'changed my mind',
    ],
  ],
  [
    'goodbye',
    [
      'goodbye',
      'good bye',
      'bye',
      'bye bye',
      "that's all",
      'that is all',
      'nothing else',
      "that's everything",
      'that will be all',
      "i'm done",
      "we're done",
      'have a nice day',
      'have a good day',
      'see you',
      'hang up',
      "that'll be all",
      'that would be all',
    ],
  ],
  [
    'no-thanks',
    ['no thank you', 'no thanks', 'thank you', 'thanks', "that's it", "i'm good", "i'm fine", 'all good'],
  ],
  [
    'other-topic',
    [
      'prescription',
      'refill',
      'medication',
      'insurance',
      'invoice',
      'the bill',
      'my bill',
      'billing',
      'test results',
      'my results',
      'blood test',
      'results ready',
      'parking',
      'opening hours',
      'visiting hours',
      'where are you',
      'how much',
      'pharmacy',
      'medical record',
      'medical records',
      'what time do you open',
      'when do you open',
      'when do you close',
    ],
  ],
  [
    'book',
    [
      'book',
      'appointment',
      'schedule',
      'make a booking',
      'an opening',
      'see a doctor',
      'see the doctor',
      'see doctor',
      'come in',
      'a visit',
      'available slot',
      'new appointment',
      'checkup',
      'check up',
    ],
  ],
];

/** All intents in the utterance, most urgent first. */
export function readIntents(tokens: Tokens): Intent[] {
  const intents = intentPhrases.filter(([, phrases]) => hasPhrase(tokens, phrases)).map(([intent]) => intent);
  const named = aboutOwnAppointment(tokens);
  return named ? [named, ...intents.filter((intent) => intent !== 'book')] : intents;
}

/**
 * "cancel my appointment", "move the appointment to friday", "reschedule". Not "cancel my chest x-ray" alone: that is
 * still something of the caller's to cancel, and a person at the clinic has to look at it, so it counts as well.
 */
function aboutOwnAppointment(tokens: Tokens): Intent | undefined {
  const own = hasPhrase(tokens, appointmentWords) || hasPhrase(tokens, ['x ray', 'scan', 'my test']);
  if (hasPhrase(tokens, cancelWords) && (own || hasPhrase(tokens, ['cancel my', 'cancel the', 'to cancel'])))
    return 'cancel-appointment';
  if (hasPhrase(tokens, ['reschedule', 'postpone'])) return 'move-appointment';
  const mine = hasPhrase(tokens, [
    'my appointment',
    'the appointment',
    'an appointment i',
    'existing appointment',
    'my booking',
    'my visit',
  ]);
  return mine && hasPhrase(tokens, moveWords) ? 'move-appointment' : undefined;
}

/** What the caller wants changed, named without its new value: "the day", "the name is wrong". */
export type ChangeTopic = 'day' | 'time' | 'who' | 'name' | 'phone';
const topics: readonly (readonly [ChangeTopic, readonly string[]])[] = [
  ['name', ['name', 'names', 'spelling']],
  ['phone', ['phone', 'number', 'phone number']],
  ['who', ['doctor', 'department', 'physician']],
  ['time', ['time', 'hour', 'earlier', 'later']],
  ['day', ['day', 'date', 'another day', 'week', 'weekday']],
];

export function readTopic(tokens: Tokens): ChangeTopic | undefined {
  return topics.find(([, words]) => hasPhrase(tokens, words))?.[0];
}
