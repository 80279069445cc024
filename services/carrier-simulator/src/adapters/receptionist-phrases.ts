/** What people who answer a clinic's phone say: the caller's expectations, which narrow what their ear searches. */
export const receptionistPhrases: readonly string[] = [
  'how can i help you',
  'which doctor would you like to see',
  'which day would suit you',
  'what time would you like',
  'may i have your name please',
  'is that right',
  'you are booked',
  'anything else',
  'goodbye',
];
