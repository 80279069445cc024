import fc from 'fast-check';
import { isTerminal, type Call, type CallEvent, type Effect } from '../domain/call.ts';
import { wakeAtOf } from '../domain/policy.ts';
import { transition } from '../domain/transition.ts';

/** More than any call waits for in turn. */
const wakesMax = 8;

export interface Step {
  readonly event: CallEvent;
  readonly before: Call;
  readonly after: Call;
  readonly effects: readonly Effect[];
}

/** What these events make of a call, one after the other. */
export function follow(from: Call, events: readonly CallEvent[]) {
  let call = from;
  const steps = events.map((event): Step => {
    const before = call;
    const next = transition(before, event);
    call = next.call;
    return { event, before, after: call, effects: next.effects };
  });
  return { call, steps, effects: steps.flatMap((step) => step.effects) };
}

/** The same; then time passes until the call waits for nothing any more. */
export function deliver(from: Call, events: readonly CallEvent[]): ReturnType<typeof follow> {
  let { call, steps, effects } = follow(from, events);
  for (let wakes = 0; wakes < wakesMax && !isTerminal(call); wakes += 1) {
    const at = wakeAtOf(call);
    if (at === null) break;
    const woken = follow(call, [{ type: 'woken', at }]);
    call = woken.call;
    steps = [...steps, ...woken.steps];
    effects = [...effects, ...woken.effects];
  }
  return { call, steps, effects };
}

/** Each event once to three times, in any order. */
export const inAnyOrder = (events: readonly CallEvent[]): fc.Arbitrary<CallEvent[]> =>
  fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: events.length, maxLength: events.length })
    .chain((copies) => {
      const all = events.flatMap((event, i) => Array.from({ length: copies[i] ?? 1 }, () => event));
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    });

export const isHangup = (event: CallEvent): boolean => event.type === 'hung-up';

/** What holds whatever was said: an end is an end, epochs do not go back, and JSON carries all of it. */
export function expectSound(from: Call, events: readonly CallEvent[]): Call {
  const { call, steps } = follow(from, events);
  for (const { before, after } of steps) {
    if (isTerminal(before)) expect(after).toBe(before);
    expect(after.ownerEpoch).toBeGreaterThanOrEqual(before.ownerEpoch);
  }
  expect(JSON.parse(JSON.stringify(call))).toEqual(call);
  return call;
}
