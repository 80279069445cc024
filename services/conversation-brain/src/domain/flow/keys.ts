import { prompts } from '../prompts.en.ts';
import { answer } from './answer.ts';
import { hold } from './collect.ts';
import { hearConfident, notUnderstood, read } from './hear.ts';
import { toPerson } from './leave.ts';
import { ask, questionOf } from './questions.ts';
import { optOut } from './opt-out.ts';
import { answerByKey, begin } from './script.ts';
import { listen, note, type Step } from './step.ts';

/** Digits kept while a number is typed; no phone number is longer (E.164: 15, with an international prefix). */
const keysMax = 18;

/**
 * The keypad: 0 reaches a person, 1 and 2 are yes and no, a number chooses from what was offered; where digits are asked
 * for, all of them are digits until the hash key. In calls of ours 9 ends all such calls, and a script's questions name their
 * own keys.
 */
export function onKey(step: Step, digit: string): void {
  const { s } = step;
  if (s.progress?.machine) return listen(step, ['open'], 10_000);
  const ending = s.phase.kind === 'leaving' || s.phase.kind === 'gone' || s.phase.kind === 'handing-off';
  // Whoever listens to our last words may still want no more of them.
  const stops =
    s.script !== undefined && digit === '9' && s.phase.kind !== 'gone' && s.outcome !== 'opted-out';
  if (ending && !stops) return listen(step, ['open'], 10_000);
  if (s.phase.kind === 'asking' && s.phase.what === 'phone' && !s.aside) return typed(step, digit);
  if (digit === '0') {
    pressed(step, digit);
    return toPerson(step, 'caller-asked', prompts.asking);
  }
  if (s.script && digit === '9') {
    pressed(step, digit);
    return optOut(step, { source: 'keypad', note: 'pressed 9' });
  }
  if (s.phase.kind === 'picked-up') return begin(step);
  const goOn = s.aside ? undefined : answerByKey(step, digit);
  if (goOn) {
    pressed(step, digit);
    return goOn();
  }
  const question = questionOf(step);
  if (s.phase.kind === 'choosing' && !s.aside && s.phase.offer.length > 1) {
    const slot = s.phase.offer[Number(digit) - 1];
    if (slot) {
      pressed(step, digit);
      return hold(step, slot);
    }
  } else if (question.expects.includes('yes-no') && (digit === '1' || digit === '2')) {
    pressed(step, digit);
    return hearConfident(step, digit === '1' ? 'yes' : 'no');
  }
  // A key without a meaning here: nothing is said about it, the question stands.
  listen(step, question.expects, question.noInputMs);
}

function typed(step: Step, digit: string): void {
  const { s } = step;
  if (/^\d$/.test(digit)) {
    s.keys = (s.keys + digit).slice(0, keysMax);
    return listen(step, ['digits'], 6_000);
  }
  const digits = s.keys;
  s.keys = '';
  if (digit === '*') return ask(step);
  if (answer(step, { ...read(step, ''), digits }) === 'unclear') notUnderstood(step);
}

function pressed(step: Step, digit: string): void {
  note(step, { speaker: 'caller', text: `(pressed ${digit})`, confidence: 1, interrupted: false });
}
