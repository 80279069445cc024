import type { DeadLetter, ReleaseHow, Released } from '../api/failure-types.ts';

export const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** "wardline.events.v1.SmsSend" as "Sms send". */
export function typeInWords(type: string): string {
  const name = type.split('.').at(-1) ?? type;
  const words = name.replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words || type;
}

/** What becomes of the event, and of those behind it. */
export function effectOf(letter: DeadLetter, how: ReleaseHow): string {
  const { group, waiting, holdsKey } = letter;
  const behind = `the ${count(waiting, 'event')} that ${waiting === 1 ? 'waits' : 'wait'} behind it`;
  if (how === 'replay') {
    if (!holdsKey)
      return `${group} handles this event again, after later events of its key, which have gone on without it.`;
    return waiting === 0
      ? `${group} handles this event again, and its key goes on.`
      : `${group} handles this event again, then ${behind}, in order.`;
  }
  if (!holdsKey) return `${group} never handles this event. Its key has gone on already.`;
  return waiting === 0
    ? `${group} never handles this event, and its key goes on.`
    : `${group} never handles this event. It goes on with ${behind}.`;
}

export function doneWords({ action, waiting }: Released): string {
  const follow =
    waiting === 0 ? '' : ` ${count(waiting, 'event')} behind it ${waiting === 1 ? 'follows' : 'follow'}.`;
  return action === 'replay' ? `It is being handled again.${follow}` : `It is left out.${follow}`;
}
