/**
 * Word classes of what callers say in English. `$NAME` in a phrase stands for any member of that class; members may
 * contain classes themselves. An entry "3 phrase" counts three times as often as "phrase".
 */
const list = (words: string): string[] => words.split(' ');

const UNITS = list('one two three four five six seven eight nine');
const TEENS = list('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen');
const TENS = list('twenty thirty forty fifty sixty seventy eighty ninety');
const ORDINALS = list(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
    'sixteenth seventeenth eighteenth nineteenth twentieth thirtieth',
);
const ORDINAL_UNITS = ORDINALS.slice(0, 9);

export const CLASSES: Readonly<Record<string, readonly string[]>> = {
  UNIT: UNITS,
  TEEN: TEENS,
  TENS,
  DAY: list('monday tuesday wednesday thursday friday saturday sunday'),
  MONTH: list('january february march april may june july august september october november december'),
  // Every day of the month equally often.
  ORDINAL: [...ORDINALS, ...ORDINAL_UNITS.map((unit) => `twenty ${unit}`), 'thirty first'],
  HOUR: [...UNITS, 'ten', 'eleven', 'twelve'],
  // Appointments begin at these; forty and fifty are rare and easily taken for thirty and fifteen.
  MINUTE: [
    '9 thirty',
    '3 fifteen',
    '3 forty five',
    '2 twenty',
    'ten',
    'forty',
    'fifty',
    '$TENS $UNIT',
    'oh five',
  ],
  HALF_DAY: ['a m', 'p m'],
  PART: list('morning afternoon evening'),
  TIME: [
    '4 $HOUR $HALF_DAY',
    '5 $HOUR $MINUTE $HALF_DAY',
    '4 $HOUR $MINUTE',
    "3 $HOUR o'clock",
    '2 $HOUR',
    '$HOUR $MINUTE in the $PART',
    '$HOUR in the $PART',
    "$HOUR o'clock in the $PART",
    '2 half past $HOUR',
    'quarter past $HOUR',
    'quarter to $HOUR',
    'noon',
    'midday',
  ],
  DATE: [
    '6 $DAY',
    '3 $DAY $PART',
    '2 next $DAY',
    'this $DAY',
    '3 $MONTH $ORDINAL',
    'the $ORDINAL of $MONTH',
    '$MONTH the $ORDINAL',
    '$ORDINAL $MONTH',
    '$DAY the $ORDINAL',
    '5 $DAY $MONTH $ORDINAL',
    '2 $DAY the $ORDINAL of $MONTH',
    '$DAY $MONTH the $ORDINAL',
    '2 the $ORDINAL',
    '3 tomorrow',
    '2 today',
    '2 tomorrow $PART',
    'the day after tomorrow',
    'next week',
    'this $PART',
  ],
  WHEN: ['2 $DATE at $TIME', '$DATE $TIME', '$DATE', 'on $DATE', 'on $DATE at $TIME', '$TIME on $DATE'],
  DIGIT: list('zero oh one two three four five six seven eight nine').map((digit) =>
    digit === 'oh' ? digit : `2 ${digit}`,
  ),
  FOUR: ['$DIGIT $DIGIT $DIGIT $DIGIT'],
  DIGITS: [
    '$DIGIT',
    '$DIGIT $DIGIT',
    '2 $DIGIT $DIGIT $DIGIT',
    '3 $FOUR',
    '2 $FOUR $DIGIT',
    '2 $FOUR $DIGIT $DIGIT',
    '2 $FOUR $DIGIT $DIGIT $DIGIT',
    '$FOUR $FOUR',
    '4 $FOUR $FOUR $DIGIT $DIGIT',
    '$FOUR $FOUR $DIGIT $DIGIT $DIGIT',
  ],
  AGREE: [
    '6 yes',
    '2 yeah',
    'yep',
    '2 yes please',
    'sure',
    'okay',
    'correct',
    "that's right",
    "that's correct",
    'right',
  ],
  SYMPTOM: [
    ...[
      'a fever',
      'a headache',
      'back pain',
      'a cough',
      'a cold',
      'stomach pain',
      'a rash',
      'high blood pressure',
    ],
    ...[
      'a sore throat',
      'knee pain',
      'an infection',
      'an earache',
      'asthma',
      'diabetes',
      'allergies',
      'a toothache',
    ],
  ],
  KIN: list('daughter son mother father wife husband child baby brother sister'),
};
