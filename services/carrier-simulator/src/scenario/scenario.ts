import { z } from 'zod';

/**
 * A caller's plan. `steps` are things the caller says or does. After each turn of the agent (it spoke and has been
 * silent for `settleMs`) the caller takes the step whose `heard` phrases fit best what it heard; a step without
 * `heard` is taken when it is the next one. When nothing fits, the caller hesitates for `patienceMs` and takes the next
 * unused step, as a person does who has not quite understood the question.
 */
const phrases = z.array(z.string().trim().min(2)).min(1).max(20);

const action = {
  /** Spoken by the embedded caller voice. */
  say: z.string().trim().min(1).max(400).optional(),
  /** Words joined from recorded human speech; the harness turns it into `audio`. */
  human: z.string().trim().min(1).max(400).optional(),
  /** A WAV file, base64; what `human` becomes on the wire to the simulator. */
  audio: z.base64().optional(),
  /** Speech without words: the text spoken backwards in noise. */
  mumble: z.string().trim().min(1).max(400).optional(),
  press: z
    .string()
    .regex(/^[0-9*#A-D]{1,32}$/, 'keys are 0-9, *, # and A-D')
    .optional(),
  /** A pure tone, such as an answering machine's beep. */
  tone: z
    .strictObject({ hz: z.number().int().min(300).max(3_400), ms: z.number().int().min(40).max(5_000) })
    .optional(),
  hangUp: z.literal(true).optional(),
  /** From here on the caller says nothing more and does not hang up. */
  staySilent: z.literal(true).optional(),
};

const step = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'lower case, digits and hyphens'),
  ...action,
  /** Any of these, roughly, among what the agent said in its turn. */
  heard: phrases.optional(),
  /** Speaks over the agent once it has been audible for so long in one turn. */
  overAgentAfterMs: z.number().int().min(100).max(20_000).optional(),
  /** Not in answer to anything: so long after the caller's previous step ended. */
  afterMs: z.number().int().min(0).max(60_000).optional(),
  /** When both sides have been silent for so long; may come again, and never stands for another step. */
  afterSilenceMs: z.number().int().min(1_000).max(60_000).optional(),
  /** What the person has decided when they take this step; kept as the truth about the call. */
  decides: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'lower case, digits and hyphens')
    .optional(),
  /** Only once these steps have been taken. */
  needs: z.array(z.string()).default([]),
  /** May be taken again when the agent asks again. */
  again: z.boolean().default(false),
  /** Never taken for want of a better one: only when heard. */
  onlyWhenHeard: z.boolean().default(false),
  /** Puts the phone down so long after the line began, in the middle of it. */
  hangUpAfterMs: z.number().int().min(100).max(20_000).optional(),
  /** The voice's pace; 1 is its own. */
  pace: z.number().min(0.5).max(1.5).default(1),
  /** Noise under the line: the peak amplitude of 16-bit samples. */
  noise: z.number().int().min(0).max(8_000).default(0),
});

/** What the shape alone cannot say of a step. */
function stepProblems(s: z.infer<typeof step>): string[] {
  const kinds = [s.say, s.human ?? s.audio, s.mumble, s.press, s.tone, s.hangUp, s.staySilent].filter(
    (v) => v !== undefined,
  );
  const whens = [s.heard, s.overAgentAfterMs, s.afterMs, s.afterSilenceMs].filter((v) => v !== undefined);
  return [
    ...(kinds.length === 1
      ? []
      : ['has exactly one of say, human, audio, mumble, press, tone, hangUp, staySilent']),
    ...(whens.length <= 1 ? [] : ['has at most one of heard, overAgentAfterMs, afterMs, afterSilenceMs']),
    ...(s.onlyWhenHeard && !s.heard ? ['onlyWhenHeard needs heard'] : []),
  ];
}

const expectation = z.strictObject({
  state: z.enum(['COMPLETED', 'ESCALATED', 'FAILED']),
  outcome: z
    .enum([
      'BOOKED',
      'CALL_BACK_REQUESTED',
      'TRANSFERRED_TO_PERSON',
      'EMERGENCY_TRANSFERRED',
      'NO_INPUT',
      'NOT_BOOKED',
      'ABANDONED',
    ])
    .array()
    .min(1),
  /** `asked`: exactly the slot of the scenario; `another`: one appointment, at any other time; `none`. */
  appointment: z.enum(['asked', 'another', 'none', 'asked-or-another']),
  /** Which of the scenario's slots is `asked`; `slot` unless the caller changes their mind. */
  at: z.enum(['slot', 'otherSlot']).default('slot'),
  confirmations: z.number().int().min(0).max(1),
  /** The reason of the one call-back entry there must be; absent: there must be none. */
  callBack: z.string().optional(),
  /** Messages to the caller's number that announce a call back; absent: not looked at. */
  callBackMessages: z.number().int().min(0).max(1).optional(),
  /** What the caller must have heard at some time, roughly; all of these. */
  told: phrases.optional(),
  /** Whose telephone the caller must have been connected to. */
  connectedTo: z.enum(['supervisor', 'reception']).optional(),
  /** Sound that must not have been missing or late in this call. */
  interruptionMeasured: z.boolean().default(false),
  /** Least number of times the agent must have spoken. */
  agentTurnsMin: z.number().int().min(1).default(1),
});

/** What the harness must find free before the call; fills `{{slot.…}}` and `{{otherSlot.…}}`. */
const needsSlots = z.strictObject({
  doctor: z.string().min(2),
  /** Local times the slot must begin at, such as "10:30"; absent: any. */
  startsAt: z.array(z.string().regex(/^\d\d:\d\d$/)).optional(),
  /** Days of the month that the recorded speaker is understood on (docs/quality.md); absent: any. */
  daysOfMonth: z.array(z.number().int().min(1).max(31)).min(1).optional(),
  /** How many days ahead at most; within a week a weekday alone names the day. */
  withinDays: z.number().int().min(3).max(13).default(13),
  /** Also a second free slot of the same doctor on the same day. */
  other: z.boolean().default(false),
  /** Somebody else books the first slot just before the call. */
  takenBeforeCall: z.boolean().default(false),
});

export const scenarioSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]+$/, 'lower case, digits and hyphens'),
    title: z.string().min(3),
    /** A number in E.164, or a clinic of the demo by the first word of its name, such as `riverside`. */
    to: z.string().regex(/^(\+\d{8,15}|[a-z]+)$/, 'a number in E.164 or the name of a clinic'),
    codec: z.enum(['PCMU', 'PCMA']).optional(),
    /** Whether the called side is shown who calls; withheld, the carrier says "anonymous". */
    callerId: z.enum(['shown', 'withheld']).default('shown'),
    /** Simultaneous callers with this same plan. */
    callers: z.number().int().min(1).max(20).default(1),
    slots: needsSlots.optional(),
    settleMs: z.number().int().min(200).max(5_000).default(700),
    patienceMs: z.number().int().min(0).max(20_000).default(2_500),
    /** The caller gives up after so much silence of both sides, and after so long a call. */
    deadAirMsMax: z.number().int().min(3_000).max(120_000).default(20_000),
    callMsMax: z.number().int().min(5_000).max(600_000).default(180_000),
    /** Repeats the last line when asked to. */
    repeatsWhenAsked: z.boolean().default(true),
    /** Peak amplitude of the line's noise. */
    lineNoise: z.number().int().min(0).max(2_000).default(24),
    seed: z.number().int().min(0).default(1),
    webhooks: z
      .strictObject({
        duplicate: z.boolean().default(false),
        shuffle: z.boolean().default(false),
        /** Every event is this late. */
        delayMs: z.number().int().min(0).max(30_000).default(0),
      })
      .prefault({}),
    /** Frames and events on the media socket that are not in the protocol, between the good ones. */
    media: z.strictObject({ unknownEvents: z.boolean().default(false) }).prefault({}),
    transfer: z
      .strictObject({
        answer: z.boolean().default(true),
        ringMs: z.number().int().min(0).max(60_000).default(1_500),
        talkMs: z.number().int().min(100).max(60_000).default(3_000),
      })
      .prefault({}),
    /** Who sits at the supervisor's desk: the harness plays one who accepts, or makes sure that nobody does. */
    desk: z.enum(['accepts', 'nobody']).optional(),
    steps: z.array(step).max(60),
    expect: expectation,
  })
  .check((ctx) => {
    const ids = ctx.value.steps.map((s) => s.id);
    const problem = (message: string, path: (string | number)[]) =>
      ctx.issues.push({ code: 'custom', message, path, input: ctx.value });
    ids.forEach((id, i) => {
      if (ids.indexOf(id) !== i) problem(`the id "${id}" is used twice`, ['steps', i, 'id']);
    });
    ctx.value.steps.forEach((s, i) => {
      for (const message of stepProblems(s)) problem(message, ['steps', i]);
      for (const need of s.needs)
        if (!ids.includes(need)) problem(`needs an unknown step "${need}"`, ['steps', i, 'needs']);
    });
    if (ctx.value.slots?.other !== true && ctx.value.expect.at === 'otherSlot') {
      problem('needs slots.other: true', ['expect', 'at']);
    }
  });

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioStep = Scenario['steps'][number];

export class ScenarioInvalid extends Error {
  readonly code = 'scenario-invalid';
  readonly problems: readonly { readonly where: string; readonly problem: string }[];

  constructor(source: string, problems: readonly { where: string; problem: string }[]) {
    super(`${source}: ${problems.map((p) => `${p.where}: ${p.problem}`).join('; ')}`);
    this.problems = problems;
  }
}

/** @throws ScenarioInvalid with every problem and where it is, steps by their id */
export function parseScenario(value: unknown, source: string): Scenario {
  const result = scenarioSchema.safeParse(value);
  if (result.success) return result.data;
  throw new ScenarioInvalid(
    source,
    result.error.issues.map((issue) => ({ where: placeOf(issue.path, value), problem: issue.message })),
  );
}

function placeOf(path: readonly PropertyKey[], value: unknown): string {
  if (path.length === 0) return 'scenario';
  if (path[0] === 'steps' && typeof path[1] === 'number' && typeof value === 'object' && value !== null) {
    const steps: unknown = Reflect.get(value, 'steps');
    const one: unknown = Array.isArray(steps) ? steps[path[1]] : undefined;
    const id: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'id') : undefined;
    const name = typeof id === 'string' ? `step "${id}"` : `step ${path[1] + 1}`;
    return [name, ...path.slice(2).map(String)].join('.');
  }
  return path.map(String).join('.');
}
