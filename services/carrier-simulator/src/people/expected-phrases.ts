/**
 * What somebody who is called by their hospital expects to be asked, in words that survive a poor line. Each list is one
 * question in its several wordings; the comparison is tolerant (`domain/hearing.ts`).
 */
export const expected = {
  identity: [
    'am i speaking with',
    'am i speaking to',
    'is this the phone of',
    'are you',
    'may i speak with',
    'can i speak to',
    'do i have the right person',
  ],
  keep: [
    'will you be able to come',
    'can you come',
    'will you come',
    'will you be there',
    'would you like to keep it',
    'would you like to confirm move or cancel',
    'say yes to confirm',
    'press one to confirm',
    'can you make it',
    'confirm it move it or cancel it',
    'does that still suit you',
    'do you want to keep it',
  ],
  didYouSayYes: ['did you say yes', 'did you mean yes'],
  reallyCancel: [
    'shall i cancel',
    'should i cancel',
    'do you want me to cancel',
    'would you like me to cancel',
    'really cancel',
    'did you say cancel',
  ],
  otherInstead: [
    'would you like another time instead',
    'would you like a new appointment',
    'shall i find another time',
  ],
  reallyMove: [
    'shall i move',
    'would you like to move it',
    'would you like another time',
    'did you say move',
  ],
  whichDay: [
    'which day would suit you',
    'what day would suit you',
    'which other day or time',
    'please say a day',
  ],
  whatTime: ['what time would suit you', 'which time would suit you', 'please say a time'],
  whichOne: ['which one would you like', 'please say which of these times', 'which of these'],
  wouldThatSuit: ['would that suit you', 'please say yes to take that time', 'would that be all right'],
  isThatRight: [
    'is that right',
    'please say yes if all of that is right',
    'shall i move it there',
    'is that correct',
  ],
  reallyNeverAgain: [
    'shall i take you off',
    'do you want me to stop calling',
    'should we not call you again',
    'shall we stop calling you',
    'did you say stop',
  ],
  anythingElse: [
    'is there anything else i can do',
    'anything else i can do for you',
    'can i do anything else',
  ],
  goodbye: ['goodbye'],
} as const satisfies Record<string, readonly string[]>;
