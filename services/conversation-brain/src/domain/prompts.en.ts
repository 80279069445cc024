import { spokenAssistant } from './clinic.ts';

/**
 * Everything the agent says, in English. Short: a listener keeps about three things in mind. No sentence claims more than
 * is known when it is said; "booked" stands in `booked` alone, which is said after the commit.
 */
export const prompts = {
  greeting: (assistant: string) =>
    `Hello. You are speaking with ${spokenAssistant(assistant)}. To reach a person, say operator or press zero. How can I help you?`,
  cutOff: 'Sorry, we were cut off.',

  ask: {
    open: [
      'How can I help you?',
      'Please tell me what you need. For example: I would like an appointment with a doctor.',
    ],
    who: [
      'Which doctor or department would you like?',
      'Please say the name of the doctor, or of the department.',
    ],
    day: ['Which day would suit you?', 'Please say a day, such as next Tuesday, or March the third.'],
    time: ['What time would suit you?', 'Please say a time, such as ten thirty, or in the afternoon.'],
    name: ['What is your first and last name?', 'Please say your first and last name.'],
    phone: [
      'What is your phone number? Say it digit by digit, or type it and press the hash key.',
      'Please say your phone number digit by digit, or type it and press the hash key.',
    ],
  },
  otherTime: 'Which other day or time would suit you?',
  changing: [
    'What should I change: the day, the time, the doctor, or the name?',
    'Please say what to change: day, time, doctor, or name.',
  ],
  closing: [
    'Is there anything else I can do for you?',
    'Can I do anything else for you? Please say yes or no.',
  ],
  more: 'What else can I do for you?',

  unknownDoctor: (doctors: string) => `I do not know a doctor of that name. We have ${doctors}.`,
  notByPhone: (doctor: string) => `${doctor} takes no bookings by phone.`,
  didYouMean: (options: string) => `Did you mean ${options}?`,
  whom: 'Please say which one.',

  impossible: {
    'other-weekday': (date: string) => `That date is a ${date}.`,
    'no-such-day': () => 'There is no such date.',
    past: () => 'That day has passed.',
  },

  free: (who: string, date: string, times: string) => `${who} is free on ${date}, at ${times}.`,
  freeAcross: (who: string, list: string) => `${who} is free ${list}.`,
  freeMixed: (list: string) => `Free times are ${list}.`,
  whichOne: [
    'Which one would you like?',
    'Please say which of these times you would like, or name another day.',
  ],
  wouldThatDo: ['Would that suit you?', 'Please say yes to take that time, or no for another one.'],
  timeNotFree: 'That time is not free.',
  dayNotFree: 'Nothing is free then.',
  nothingFree: 'I find nothing free in the two weeks from then.',
  justTaken: 'I am sorry, that time has just been taken.',

  details: (who: string, date: string, time: string, name: string, phone: string | undefined) =>
    `An appointment with ${who}, on ${date}, at ${time}, for ${name}${phone === undefined ? '' : `, phone number ${phone}`}`,
  confirm: (details: string) => `${details}. Is that right?`,
  confirmAgain: (details: string) =>
    `${details}. Please say yes if all of that is right, or no to change it.`,
  inFull: 'Let me say it once in full.',
  booked: (who: string, date: string, time: string) =>
    `You are booked with ${who} on ${date}, at ${time}. We will send you a text message to confirm.`,

  noSchedule: 'I am sorry, I cannot reach the schedule right now, so I have not arranged that.',
  mayCallBack: [
    'Shall I ask the clinic to call you back?',
    'Would you like the clinic to call you back? Please say yes or no.',
  ],
  unclearBooking: 'I am sorry, I cannot tell whether that went through. I will ask the clinic to call you.',
  callBackNoted: {
    'cancel-appointment':
      'I cannot cancel it myself. I have noted it, and the clinic will call you back about it.',
    'move-appointment':
      'I cannot move it myself. I have noted it, and the clinic will call you back about it.',
    other: 'I have noted it, and the clinic will call you back.',
  },
  callBackFailed:
    'I am sorry, I could not note that. I am asking a person at the clinic to take your call. Please stay on the line.',
  callBackOutbound: 'Somebody from the clinic will call you about it. Goodbye.',

  optOutOffer: 'If you want no more of these calls, say stop calling me, or press nine.',
  stopAll: 'Do you want us to stop calling you?',
  optedOut: 'You will not be called again. Goodbye.',
  optOutLost:
    'I am sorry, I could not note that right now. I have asked the clinic to take you off the list. Goodbye.',
  whoWeAre: (assistant: string, clinic: string) =>
    `This is ${spokenAssistant(assistant)}, calling for ${clinic}.`,
  wrongNumber: 'I am sorry for the disturbance. Goodbye.',
  notHere: (clinic: string) => `Thank you. Please tell them that ${clinic} called. Goodbye.`,
  cannotGoOn: 'I am sorry, I cannot go on with this call right now. Goodbye.',
  onlyAppointment: 'I can only help with the appointment. Would you like to speak to a person?',
  goodbyeOutbound: 'Thank you. Goodbye.',
  goodbyeSilentOutbound: 'I cannot hear you, so I will hang up now. Goodbye.',
  moveDetails: (who: string, date: string, time: string) =>
    `I move your appointment to ${date}, at ${time}, with ${who}`,
  bookDetails: (who: string, date: string, time: string) =>
    `I book an appointment for you on ${date}, at ${time}, with ${who}`,
  changingTime: [
    'What should I change: the day, the time, or the doctor?',
    'Please say what to change: day, time, or doctor.',
  ],

  asking: 'I am asking a person at the clinic to take your call. Please stay on the line.',
  notUnderstood:
    'I am sorry, I have trouble understanding. I am asking a person at the clinic to take your call. Please stay on the line.',
  tooLong:
    'This is taking long. I am asking a person at the clinic to take your call. Please stay on the line.',
  stillAsking: [
    'I am still trying to reach a person for you.',
    'Thank you for waiting. I am still trying.',
    'Please stay on the line. I am still asking for a person.',
  ],
  nobodyFree:
    'I am sorry, nobody is free right now. Somebody from the clinic will call you back, and a message about it is on its way to you. Goodbye.',
  notConnected: 'I am sorry, I could not connect you.',
  emergencyNotConnected:
    'I am sorry, I could not connect you. Please hang up and call the emergency number now.',
  isEmergency: [
    'Is this a medical emergency?',
    'If this is an emergency, say yes. Is this a medical emergency?',
  ],
  didYouSay: (text: string) => `Sorry, did you say: ${text}?`,
  onlyBooking: 'I can only book appointments. Would you like to speak to a person?',
  pardon: 'Sorry, I did not get that.',
  stillThere: 'Are you still there?',
  takeYourTime: 'Take your time.',
  allRight: 'All right.',
  oneMoment: 'One moment, please.',
  nothingArranged: 'All right. Nothing has been arranged.',
  goodbye: 'Thank you for calling. Goodbye.',
  goodbyeNothing: 'Nothing has been arranged. Thank you for calling. Goodbye.',
  goodbyeSilent: 'I cannot hear you, so I will hang up now. Please call again. Goodbye.',
} as const;

/** "a", "a or b", "a, b, or c". */
export function listed(items: readonly string[], word: 'or' | 'and' = 'or'): string {
  if (items.length < 2) return items[0] ?? '';
  if (items.length === 2) return `${items[0]} ${word} ${items[1]}`;
  return `${items.slice(0, -1).join(', ')}, ${word} ${items.at(-1)}`;
}

const digitWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** A number digit by digit, with a breath every three. */
export function spokenDigits(digits: string): string {
  const words = [...digits].filter((d) => /\d/.test(d)).map((d) => digitWords[Number(d)]!);
  return words.map((word, i) => (i > 0 && i % 3 === 0 ? `, ${word}` : i === 0 ? word : ` ${word}`)).join('');
}
