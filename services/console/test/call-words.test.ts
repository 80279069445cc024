import { callInWords, tone } from '../src/calls/words.ts';

const failed = (endReason: string | null) => ({ state: 'failed', outcome: null, endReason });

it.each([
  ['no_answer', 'No answer'],
  ['user_busy', 'Busy'],
  ['not_found', 'No such number'],
])('says of an unanswered call why (%s), and does not alarm', (reason, words) => {
  expect([callInWords(failed(reason)), tone(failed(reason))]).toEqual([words, 'plain']);
});

it.each(['unknown-to-us', null])('alarms when it failed for another reason (%s)', (reason) => {
  expect([callInWords(failed(reason)), tone(failed(reason))]).toEqual(['Failed', 'bad']);
});

it('names the outcome of a call that was held, whatever ended it', () => {
  const call = { state: 'completed', outcome: 'moved', endReason: 'no_answer' };
  expect([callInWords(call), tone(call)]).toEqual(['Moved', 'good']);
});
