import { withinLaw, isOpen, nextOpen, type CallingWindow } from './window.ts';
import type { DiallingPolicy } from './policy.ts';

/** Recipients who live by the same clocks. */
export interface ZoneGroup {
  readonly zones: readonly string[];
  readonly country: string;
  readonly count: number;
}

/** Ringing and talking, on average; a guess for plans, nothing waits for it. */
const CALL_MS = 90_000;
const STEP_MS = 10 * 60_000;
/** About three months of calling without a pause. */
const STEPS_MAX = 13_000;

export interface CallPlan {
  readonly firstCallAtMs: number | undefined;
  /** When the last first call would be made; undefined when that is too far away to say, or never. */
  readonly lastCallAtMs: number | undefined;
  /** Per group, in their order: when its window opens next; undefined: never. */
  readonly opensAtMs: readonly (number | undefined)[];
}

/** When first calls would be made if the campaign began now, so many at a time, whoever’s window is open. */
export function planFirstCalls(
  groups: readonly ZoneGroup[],
  o: { window: CallingWindow; policy: DiallingPolicy; callsAtOnceMax: number; nowMs: number },
): CallPlan {
  const windows = groups.map((group) => withinLaw(o.window, o.policy.countries[group.country]));
  const opens = (index: number, fromMs: number) => nextOpen(windows[index]!, groups[index]!.zones, fromMs);
  const opensAtMs = groups.map((_, index) => opens(index, o.nowMs));
  const left = groups.map((group, index) => (opensAtMs[index] === undefined ? 0 : group.count));
  const soonest = (fromMs: number): number | undefined => {
    const found = left.flatMap((count, index) => (count > 0 ? [opens(index, fromMs)] : []));
    return found.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
  };
  const firstCallAtMs = soonest(o.nowMs);
  let at = firstCallAtMs;
  let lastCallAtMs: number | undefined;
  const perStep = (o.callsAtOnceMax * STEP_MS) / CALL_MS;
  for (let step = 0; at !== undefined && step < STEPS_MAX; step += 1) {
    let room = perStep;
    for (let index = 0; index < left.length && room > 0; index += 1) {
      if (left[index]! <= 0 || !isOpen(windows[index]!, groups[index]!.zones, at)) continue;
      const calls = Math.min(room, left[index]!);
      left[index] = left[index]! - calls;
      room -= calls;
      // Those who are called in the first moment have their calls at its beginning.
      const used = perStep - room;
      lastCallAtMs =
        used <= o.callsAtOnceMax ? at : at + Math.round(((used - o.callsAtOnceMax) / perStep) * STEP_MS);
    }
    at = left.some((count) => count > 0) ? soonest(at + STEP_MS) : undefined;
    if (at === undefined) return { firstCallAtMs, lastCallAtMs, opensAtMs };
  }
  return { firstCallAtMs, lastCallAtMs: undefined, opensAtMs };
}
