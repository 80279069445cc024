import type { Expectation } from '@wardline/dialogue-words';
import { spokenDate, spokenTime, toClinic } from '@wardline/clinic-time';
import { type ClinicFacts, vocabularyOf } from '../clinic.ts';
import type { Effect } from '../effects.ts';
import type { Flow } from '../script/flow.ts';
import { keptLinesMax, type State, type Tool } from '../state.ts';

export interface Context {
  readonly nowMs: number;
  readonly clinic: ClinicFacts;
  /** The script of a call that we make, in the version that the state names. */
  readonly flow?: Flow | undefined;
}

/**
 * One transition in the making: a copy of the state that the flow's functions change, and the effects so far. It lives
 * within `transition` alone, which stays a function from values to values.
 */
export interface Step {
  readonly s: State;
  readonly effects: Effect[];
  readonly context: Context;
  /** The next words take the place of what is being said: they answer something that came after it. */
  replace: boolean;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type ToolWish = DistributiveOmit<Tool, 'request'>;

const openMax = 16;
const toolsMax = 8;
const keptCharsMax = 300;

export function say(step: Step, text: string, o: { interruptible?: boolean } = {}): string {
  const { s } = step;
  s.utterances++;
  const utteranceId = `u${s.stream}-${s.utterances}`;
  s.open = [...s.open, { utteranceId, text }].slice(-openMax);
  s.lastSaid = text;
  step.effects.push({
    type: 'say',
    utteranceId,
    text,
    interruptible: o.interruptible ?? true,
    rate: s.rate,
    replace: step.replace,
  });
  step.replace = false;
  return utteranceId;
}

export function listen(step: Step, asked: readonly Expectation[], noInputMs: number): void {
  const vocabulary = vocabularyOf(step.context.clinic);
  const expects = step.s.script ? [...asked, 'called-person' as const] : asked;
  step.effects.push({ type: 'listen', expects, vocabulary, noInputMs });
}

/** Asks another service; the answer comes as an event with this request number. */
export function run(step: Step, wish: ToolWish): number {
  const { s } = step;
  s.requests++;
  const tool = { ...wish, request: s.requests } as Tool;
  s.tools = [...s.tools, tool].slice(-toolsMax);
  step.effects.push({ type: 'tool', tool });
  return s.requests;
}

/** A line of the transcript: what was heard, by either side. */
export function note(
  step: Step,
  o: { speaker: 'agent' | 'caller'; text: string; confidence: number; interrupted: boolean },
): void {
  step.s.lines++;
  const kept = { agent: o.speaker === 'agent', text: o.text.slice(0, keptCharsMax) };
  step.s.kept = [...step.s.kept, kept].slice(-keptLinesMax);
  step.effects.push({ type: 'line', line: { ...o, sequence: step.s.lines, atMs: step.context.nowMs } });
}

/** Lets go of the slot that is kept, if any. */
export function release(step: Step): void {
  const { s } = step;
  if (s.held) step.effects.push({ type: 'release-hold', holdId: s.held.holdId });
  delete s.held;
  delete s.readBack;
}

export interface LocalMoment {
  /** ISO date on the clinic's calendar. */
  readonly date: string;
  /** Minutes after midnight on the clinic's clock. */
  readonly minutes: number;
  readonly spokenDate: string;
  readonly spokenTime: string;
}

export function localMoment(epochMs: number, clinic: ClinicFacts): LocalMoment {
  const local = toClinic(epochMs, clinic.timeZone);
  const time = local.toPlainTime();
  const date = local.toPlainDate();
  return {
    date: date.toString(),
    minutes: time.hour * 60 + time.minute,
    spokenDate: spokenDate(date),
    spokenTime: spokenTime(time),
  };
}
