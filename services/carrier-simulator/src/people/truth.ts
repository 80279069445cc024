import type { Behaviour } from '../domain/callee.ts';
import { phraseScore } from '../domain/hearing.ts';
import type { SpokenLine } from '../domain/measurement.ts';
import { audibleRms, frameMs, windowMs } from '../domain/sound.ts';
import type { CallRecord } from '../app/call-record.ts';
import type { FrameRecord } from '../domain/measurement.ts';
import type { Person } from './person.ts';

/** What really happened in a call to a simulated person, as only they and their carrier can know it. */
export interface CallTruth {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly name: string | null;
  readonly behaviour: Behaviour;
  /** How many calls to this number came before. */
  readonly nth: number;
  readonly dialledAt: string;
  /** All instants: milliseconds since the call was dialled. */
  readonly answeredAtMs: number | null;
  readonly end: {
    readonly by: string;
    readonly reason: string;
    readonly cause: string | null;
    readonly atMs: number;
  } | null;
  /** Why it should not have been made: "never", "outside-window". */
  readonly notAllowed: readonly string[];
  /** Other calls to this number that were going on when it was dialled. */
  readonly overlapped: readonly string[];
  /** How long the platform was audible before anybody had picked up. Must be nothing. */
  readonly soundBeforeAnswerMs: number;
  /** First words after the answer, in milliseconds since the answer. */
  readonly firstWordMs: number | null;
  readonly agentFirstMs: number | null;
  readonly decisions: readonly {
    readonly decision: string;
    readonly atMs: number;
    readonly heard: string;
    readonly fitted: boolean;
  }[];
  readonly heard: readonly { readonly atMs: number; readonly untilMs: number; readonly text: string }[];
  readonly said: readonly { readonly atMs: number; readonly text: string }[];
  /** Whether what they agreed to was read out as they know it. */
  readonly readBack: 'right' | 'different' | 'unclear' | 'not-heard';
  readonly machine: MachineTruth | null;
  readonly transfers: readonly { readonly to: string; readonly atMs: number; readonly connected: boolean }[];
  readonly violations: readonly string[];
}

export interface MachineTruth {
  readonly beepAtMs: number | null;
  /** Heard while the greeting was still being played. */
  readonly overGreetingMs: number;
  /** What was left after it. */
  readonly messageMs: number;
  readonly message: string;
}

export interface TruthSource {
  readonly id: string;
  readonly person: Person;
  readonly behaviour: Behaviour;
  readonly nth: number;
  readonly from: string;
  readonly dialledAt: Date;
  readonly notAllowed: readonly string[];
  readonly overlapped: readonly string[];
  readonly record: CallRecord;
  readonly frames: readonly FrameRecord[];
  readonly spoken: readonly SpokenLine[];
}

export function truthOf(o: TruthSource): CallTruth {
  const { record, person } = o;
  const answered = record.answeredAtMs;
  const heard = record.timeline
    .filter((t) => t.who === 'agent' && t.untilMs !== undefined)
    .map((t) => ({ atMs: t.atMs, untilMs: t.untilMs ?? t.atMs, text: t.text }));
  const sinceAnswer = (atMs: number | undefined) =>
    atMs === undefined || answered === undefined ? null : Math.round(atMs - answered);
  return {
    id: o.id,
    to: person.number,
    from: o.from,
    name: person.name ?? null,
    behaviour: o.behaviour,
    nth: o.nth,
    dialledAt: o.dialledAt.toISOString(),
    answeredAtMs: answered ?? null,
    // In a call to them the simulator's side is the called one.
    end: !record.end
      ? null
      : {
          ...record.end,
          by: record.end.by === 'caller' ? 'callee' : record.end.by,
          cause: record.cause ?? null,
        },
    notAllowed: o.notAllowed,
    overlapped: o.overlapped,
    soundBeforeAnswerMs: audibleMs(o.frames, 0, answered ?? Number.POSITIVE_INFINITY),
    firstWordMs: sinceAnswer(o.spoken[0]?.voicedFromMs),
    agentFirstMs: sinceAnswer(firstAudible(o.frames, answered ?? 0)),
    decisions: record.decisions,
    heard,
    said: record.timeline
      .filter((t) => t.who === 'caller' && (t.step !== undefined || t.text.startsWith('presses')))
      .map((t) => ({ atMs: t.atMs, text: t.text })),
    readBack:
      o.behaviour === 'machine'
        ? 'not-heard'
        : readBackOf(
            person,
            record.decisions.map((d) => d.heard).join(' '),
            heard.map((h) => h.text).join(' '),
          ),
    machine: o.behaviour === 'machine' && answered !== undefined ? machineTruth(o, answered) : null,
    transfers: record.transfers.map((t) => ({ ...t })),
    violations: record.violations,
  };
}

function machineTruth(o: TruthSource, answeredAtMs: number): MachineTruth {
  const beep = o.spoken.find((s) => s.step === 'beep');
  const greeting = o.spoken.find((s) => s.step === 'greeting');
  const readyAtMs = beep?.voicedToMs ?? greeting?.voicedToMs;
  const texts = o.record.timeline.filter((t) => t.who === 'agent' && t.untilMs !== undefined);
  return {
    beepAtMs: beep ? Math.round(beep.voicedFromMs) : null,
    overGreetingMs: audibleMs(o.frames, answeredAtMs, readyAtMs ?? Number.POSITIVE_INFINITY),
    messageMs: readyAtMs === undefined ? 0 : audibleMs(o.frames, readyAtMs, Number.POSITIVE_INFINITY),
    message: texts
      .filter((t) => readyAtMs !== undefined && (t.untilMs ?? 0) > readyAtMs)
      .map((t) => t.text)
      .join(' ')
      .trim(),
  };
}

/** Compares by the words, since what was heard went over a telephone line. */
export function readBackOf(
  person: Pick<Person, 'appointment'>,
  atDecision: string,
  everything: string,
): CallTruth['readBack'] {
  const known = [person.appointment?.date, person.appointment?.time, person.appointment?.doctor].filter(
    (w) => w !== undefined,
  );
  if (known.length === 0 || everything === '') return 'not-heard';
  const text = `${everything} ${atDecision}`;
  const scores = known.map((words) => phraseScore(text, words));
  if (scores.every((s) => s >= 0.6)) return 'right';
  return scores.every((s) => s < 0.34) && /\b(appointment|doctor)\b/.test(text) ? 'different' : 'unclear';
}

function audibleMs(frames: readonly FrameRecord[], fromMs: number, toMs: number): number {
  let ms = 0;
  const last = Math.min(frames.length, Math.ceil(toMs / frameMs));
  for (let i = Math.max(0, Math.floor(fromMs / frameMs)); i < last; i++)
    for (const level of frames[i]!.agentLevels) if (level >= audibleRms) ms += windowMs;
  return ms;
}

function firstAudible(frames: readonly FrameRecord[], fromMs: number): number | undefined {
  for (let i = Math.floor(fromMs / frameMs); i < frames.length; i++)
    if (frames[i]!.agentLevels.some((level) => level >= audibleRms)) return i * frameMs;
  return undefined;
}
