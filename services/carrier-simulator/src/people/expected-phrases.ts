/**
 * What somebody who is called by their hospital expects to be asked, in words that survive a poor line. Each list is one
 * question in its several wordings; the comparison is tolerant (`domain/hearing.ts`).
 */
export const expected = {
  identity: ['am i speaking with', 'am i speaking to', 'is this the phone of', 'may i speak with'],
  howToStop: ['say stop calling me or press nine', 'no more of these calls'],
  fetch: ['come to the phone'],
  keep: [
    'you have an appointment with doctor',
    'will you come you can also move it or cancel it',
    'to confirm it say yes or press one',
  ],
  /** Asked of whoever has missed an appointment. */
  newAppointment: [
    'would you like a new appointment',
    'we would like to offer you a new appointment would you like one',
    'if not say no or press two',
  ],
  moveOrCancel: ['would you like another time or should i cancel it', 'for another time say move it'],
  didYouSayYes: ['did you say yes'],
  didYouSayNo: ['did you say no'],
  didYouSayMove: ['did you say move it', 'did you say i want to move'],
  didYouSayCancel: ['did you say cancel', 'did you say i want to cancel'],
  didYouSayStop: ['did you say stop calling', 'did you say do not call me again'],
  reallyCancel: ['shall i cancel your appointment', 'please say yes to cancel it'],
  whichDoctor: ['which doctor or department would you like', 'please say the name of the doctor'],
  whichDay: ['which day would suit you', 'which other day or time', 'please say a day'],
  whatTime: ['what time would suit you', 'please say a time'],
  whichOne: ['which one would you like', 'please say which of these times'],
  wouldThatSuit: ['would that suit you', 'please say yes to take that time'],
  isThatRight: ['i move your appointment to', 'is that right', 'please say yes if all of that is right'],
  isBookingRight: [
    'i book an appointment for you on',
    'is that right',
    'please say yes if all of that is right',
  ],
  reallyNeverAgain: ['do you want us to stop calling you'],
  somethingElse: ['would you like to speak to a person', 'i can only help with the appointment'],
  goodbye: ['goodbye', 'i am asking a person at the clinic to take your call'],
} as const satisfies Record<string, readonly string[]>;
