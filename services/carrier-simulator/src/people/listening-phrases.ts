/**
 * What somebody expects to hear whose hospital calls them about an appointment: it narrows what their ear searches, as
 * `adapters/receptionist-phrases.ts` does for those who call. Copies of what the ready scripts say, and of what the
 * assistant says by itself; `phrases.test.ts` compares the former.
 */
const clinics = ['riverside clinic', 'harbour hospital'];
const assistant = clinics.map((clinic) => `the automated assistant of ${clinic}`);
const optOut = 'if you want no more of these calls say stop calling me or press nine';
const day = '$DAY $MONTH the $ORDINAL';
const when = `${day} at $TIME`;
const slotTimes = ['at $TIME', 'at $TIME or $TIME', 'at $TIME $TIME or $TIME'];

export const calledPersonPhrases: readonly string[] = [
  ...assistant.flatMap((who) => [
    `8 hello this is ${who} calling for $FIRST $LAST this is an automated call ${optOut} am i speaking with $FIRST $LAST`,
    `2 hello this is ${who} ${optOut} am i speaking with $FIRST $LAST`,
    `hello this is ${who} there is nothing that we need to tell you any more ${optOut} goodbye`,
    `2 this is ${who} calling for riverside clinic`,
  ]),
  ...clinics.map((clinic) => `2 thank you please tell $FIRST $LAST that ${clinic} called goodbye`),
  ...assistant.flatMap((who) =>
    clinics.map(
      (clinic) =>
        `hello this is ${who} ${clinic} called about your appointment please call us back at $DIGITS if you want no more of these calls tell us when you call goodbye`,
    ),
  ),
  ...assistant.flatMap((who) =>
    clinics.map(
      (clinic) =>
        `hello this is ${who} ${clinic} called about an appointment please call us back at $DIGITS if you want no more of these calls tell us when you call goodbye`,
    ),
  ),
  '3 am i speaking with $FIRST $LAST please say yes or no',
  '2 can $FIRST $LAST come to the phone',
  'can $FIRST $LAST come to the phone please say yes or no',
  'thank you i will wait',
  `9 you have an appointment with doctor $FIRST $LAST on ${when} will you come you can also move it or cancel it`,
  `4 your appointment is on ${when} to confirm it say yes or press one to move it press two to cancel it press three`,
  '3 would you like another time or should i cancel it',
  'for another time say move it or press two to cancel say cancel it or press three',
  `5 shall i cancel your appointment on ${when}`,
  `2 your appointment is on ${when} please say yes to cancel it or no to keep it`,
  '5 thank you your appointment is confirmed goodbye',
  '5 your appointment is cancelled thank you goodbye',
  `5 your appointment is now on ${when} thank you goodbye`,
  `all right your appointment on ${when} stays as it is goodbye`,
  'i am sorry that did not work as it should somebody from the clinic will call you back about it goodbye',
  'i am sorry that did not work as it should please call the clinic about it at $DIGITS goodbye',
  `8 we missed you on ${when} with doctor $FIRST $LAST would you like a new appointment`,
  '3 would you like a new appointment say yes or press one if not say no or press two',
  '5 we would like to offer you a new appointment would you like one',
  `5 you are booked for ${when} with doctor $FIRST $LAST thank you goodbye`,
  ...clinics.map(
    (clinic) => `3 all right nothing has been arranged you can call ${clinic} at any time goodbye`,
  ),
  '3 which doctor or department would you like',
  'please say the name of the doctor or of the department',
  ...slotTimes.map((times) => `4 doctor $FIRST $LAST is free on ${day} ${times} which one would you like`),
  ...slotTimes.map(
    (times) =>
      `doctor $FIRST $LAST is free on ${day} ${times} or on ${day} at $TIME which one would you like`,
  ),
  `doctor $FIRST $LAST is free on ${when} would that suit you`,
  `nothing is free then doctor $FIRST $LAST is free on ${when} $TIME or $TIME which one would you like`,
  `i am sorry that time has just been taken doctor $FIRST $LAST is free on ${when} $TIME or $TIME which one would you like`,
  'please say which of these times you would like or name another day',
  'please say yes to take that time or no for another one',
  '2 which day would suit you',
  'please say a day such as next tuesday or march the third',
  '2 what time would suit you',
  'please say a time such as ten thirty or in the afternoon',
  'which other day or time would suit you',
  `6 i move your appointment to ${when} with doctor $FIRST $LAST is that right`,
  `i move your appointment to ${when} with doctor $FIRST $LAST please say yes if all of that is right or no to change it`,
  `6 i book an appointment for you on ${when} with doctor $FIRST $LAST is that right`,
  `i book an appointment for you on ${when} with doctor $FIRST $LAST please say yes if all of that is right or no to change it`,
  'what should i change the day the time or the doctor',
  'let me say it once in full',
  '2 do you want us to stop calling you',
  '3 you will not be called again goodbye',
  'i am sorry for the disturbance goodbye',
  'somebody from the clinic will call you about it goodbye',
  '3 i am asking a person at the clinic to take your call please stay on the line',
  'i am sorry i have trouble understanding i am asking a person at the clinic to take your call please stay on the line',
  'i am still trying to reach a person for you',
  'thank you for waiting i am still trying',
  'please stay on the line i am still asking for a person',
  '2 i am sorry nobody is free right now somebody from the clinic will call you back and a message about it is on its way to you goodbye',
  'i can only help with the appointment would you like to speak to a person',
  '2 sorry did you say yes',
  'sorry did you say no',
  '2 sorry did you say cancel my appointment',
  '2 sorry did you say cancel it please',
  '2 sorry did you say move it please',
  'sorry did you say i want to move my appointment',
  'sorry did you say $DATE',
  'sorry did you say $TIME',
  'sorry did you say doctor $LAST',
  'sorry did you say stop calling me',
  'sorry i did not get that',
  'are you still there',
  'one moment please',
  'take your time',
  'all right',
  'thank you goodbye',
  'i cannot hear you so i will hang up now goodbye',
];
