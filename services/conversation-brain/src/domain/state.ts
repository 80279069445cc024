import { z } from 'zod';

/**
 * The whole of a conversation as a value. It is parsed on load, so that a state written by another version is refused
 * rather than misread; `stateVersion` changes with every change of shape.
 */
export const stateVersion = 3;

const slot = z.object({
  doctorId: z.string(),
  doctorName: z.string(),
  department: z.string(),
  startMs: z.number(),
  endMs: z.number(),
});

const who = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('doctor'), doctorId: z.string() }),
  z.object({ kind: z.literal('department'), department: z.string() }),
  z.object({ kind: z.literal('any') }),
]);

const days = z.object({ first: z.iso.date(), last: z.iso.date() });
const time = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('at'), candidates: z.array(z.number()).min(1) }),
  z.object({ kind: z.literal('window'), from: z.number(), to: z.number() }),
]);

const outcome = z.enum([
  'booked',
  'call-back-requested',
  'no-input',
  'not-booked',
  'confirmed',
  'moved',
  'cancelled',
  'opted-out',
  'voicemail-left',
  'machine',
  'wrong-person',
]);
const callBackReason = z.enum(['cancel-appointment', 'move-appointment', 'other']);
const transferReason = z.enum(['caller-asked', 'emergency', 'not-understood', 'script']);
const handOffReason = z.enum(['caller-asked', 'not-understood', 'script']);
/** How somebody said that they want no more calls. */
const optOutSource = z.enum(['voice', 'keypad']);

/** What the dialogue has another service do; kept in the state until it is answered, so that a successor can repeat it. */
const tool = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('find-slots'), request: z.number(), who, fromMs: z.number(), toMs: z.number() }),
  z.object({ kind: z.literal('hold'), request: z.number(), slot, key: z.string() }),
  z.object({
    kind: z.literal('book'),
    request: z.number(),
    slot,
    holdId: z.string(),
    name: z.string(),
    phone: z.string(),
    key: z.string(),
  }),
  z.object({ kind: z.literal('call-back'), request: z.number(), reason: callBackReason, note: z.string() }),
  z.object({ kind: z.literal('transfer'), request: z.number(), reason: transferReason }),
  z.object({ kind: z.literal('hang-up'), request: z.number(), outcome }),
  z.object({
    kind: z.literal('move'),
    request: z.number(),
    appointmentId: z.string(),
    slot,
    holdId: z.string(),
    key: z.string(),
  }),
  z.object({ kind: z.literal('confirm'), request: z.number(), appointmentId: z.string() }),
  z.object({ kind: z.literal('cancel'), request: z.number(), appointmentId: z.string() }),
  z.object({
    kind: z.literal('opt-out'),
    request: z.number(),
    source: optOutSource,
    /** Empty: whoever is called at the number. */
    patientId: z.string(),
    number: z.string(),
    note: z.string(),
    key: z.string(),
  }),
  /** Asks for a person, and waits until one comes or nobody does. */
  z.object({ kind: z.literal('hand-off'), request: z.number(), reason: handOffReason }),
]);

const ask = z.enum(['open', 'who', 'day', 'time', 'name', 'phone']);
const leave = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('transfer'), reason: transferReason }),
  z.object({ kind: z.literal('hand-off'), reason: handOffReason }),
  z.object({ kind: z.literal('hang-up'), outcome }),
]);

const openPhase = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new') }),
  z.object({ kind: z.literal('asking'), what: ask }),
  /** "Did you mean …?": one option is a yes/no question. */
  z.object({ kind: z.literal('which-who'), options: z.array(who).min(1).max(3) }),
  z.object({ kind: z.literal('finding'), request: z.number() }),
  z.object({ kind: z.literal('choosing'), offer: z.array(slot).min(1).max(3) }),
  z.object({ kind: z.literal('holding'), request: z.number() }),
  z.object({ kind: z.literal('confirming') }),
  z.object({ kind: z.literal('changing') }),
  z.object({ kind: z.literal('booking'), request: z.number() }),
  z.object({ kind: z.literal('calling-back'), request: z.number() }),
  /** The schedule cannot be reached: may the clinic call back? */
  z.object({ kind: z.literal('offering-call-back') }),
  z.object({ kind: z.literal('closing') }),
  /** The last words are being spoken; after them it happens. */
  z.object({ kind: z.literal('leaving'), how: leave, utteranceId: z.string(), interrupted: z.boolean() }),
  z.object({ kind: z.literal('gone'), how: leave, request: z.number() }),
  /** We called: whoever picked up is to speak first. */
  z.object({ kind: z.literal('picked-up') }),
  /**
   * A question of the script. `said` is its text as last asked, `heard` whether it was heard to its end, and `choice` an
   * answer that waits for the report of that.
   */
  z.object({
    kind: z.literal('scripted'),
    node: z.string(),
    said: z.string(),
    heard: z.boolean(),
    choice: z.number().optional(),
  }),
  /** A tool of the script is at work. */
  z.object({ kind: z.literal('doing'), node: z.string(), request: z.number() }),
  z.object({ kind: z.literal('opting-out'), request: z.number() }),
  /** A person is being asked for. */
  z.object({ kind: z.literal('handing-off'), request: z.number(), reason: handOffReason }),
]);

const phase = z.discriminatedUnion('kind', [
  ...openPhase.options,
  z.object({
    kind: z.literal('over'),
    /** A telephone was ringing for the caller when it ended. If nobody picks up, the caller is back. */
    putThrough: handOffReason.optional(),
    /** Telephony could not be told to hang up; if the line is still open, it is told again. */
    unheard: outcome.optional(),
    /**
     * Where the conversation was when its stream ended, which need not mean that the caller is gone: a stream that is
     * replaced by a newer one ends in the same way. Then it goes on from here.
     */
    left: openPhase.optional(),
  }),
]);

/** A question between: the phase under it waits. */
const aside = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('emergency'), asked: z.number() }),
  z.object({ kind: z.literal('heard'), text: z.string() }),
  z.object({ kind: z.literal('person') }),
  /** Something like "stop calling" was heard, not clearly enough to act on. */
  z.object({ kind: z.literal('stop-calls'), note: z.string() }),
]);

const appointment = z.object({
  appointmentId: z.string(),
  doctorId: z.string(),
  doctorName: z.string(),
  department: z.string(),
  startMs: z.number(),
  status: z.enum(['booked', 'cancelled']),
  confirmed: z.boolean(),
});

/** What a call of ours is about: fixed when it begins, but for what becomes of the appointment. */
const script = z.object({
  attemptId: z.string(),
  campaignId: z.string(),
  flowId: z.string(),
  flowVersion: z.number(),
  /** BCP 47: the language of the script's texts. */
  language: z.string(),
  patient: z.object({ id: z.string(), name: z.string() }),
  number: z.string(),
  appointment: appointment.optional(),
});

const progress = z.object({
  /** Whoever listens said that they are the patient; nothing of the appointment is said before. */
  identified: z.boolean(),
  /** Whoever listens said that they are not. */
  notPatient: z.boolean(),
  /** A new time is being looked for, on behalf of this node. */
  job: z.object({ kind: z.enum(['move', 'book']), node: z.string() }).optional(),
  /** Wants no more calls, said while a tool was at work that cannot be stopped any more. */
  optOut: z.object({ source: optOutSource, note: z.string() }).optional(),
  machine: z.boolean(),
});

/** A call has at most some sixty turns. */
const measuredMax = 100;
/** Of what was said, the last lines are kept for whoever takes the call over. */
export const keptLinesMax = 40;

export const stateSchema = z.object({
  stateVersion: z.literal(stateVersion),
  callId: z.string(),
  clinicId: z.string(),
  stream: z.number(),
  startedAtMs: z.number(),
  phase,
  aside: aside.optional(),
  wish: z.object({ who: who.optional(), days: days.optional(), soonest: z.boolean(), time: time.optional() }),
  name: z.string().optional(),
  phone: z.object({ number: z.string(), said: z.boolean() }).optional(),
  held: z.object({ holdId: z.string(), slot }).optional(),
  /** Slots lost to others in this call: never offered again, even when a slow answer still lists them. */
  lost: z.array(z.object({ doctorId: z.string(), startMs: z.number() })).max(20),
  /** Counts read-backs with new details; with the call's id it is the booking's idempotency key. */
  confirmation: z.number(),
  readBack: z
    .object({
      details: z.string(),
      slot,
      holdId: z.string(),
      name: z.string(),
      phone: z.string(),
      heard: z.boolean(),
      yes: z.boolean(),
    })
    .optional(),
  callBack: z.object({ reason: callBackReason, note: z.string() }).optional(),
  tools: z.array(tool).max(8),
  requests: z.number(),
  outcome: outcome.optional(),
  callerGone: z.boolean(),
  turns: z.number(),
  /** What the caller did not say, by their own word: not asked about twice. */
  denied: z.array(z.string()).max(6),
  failures: z.number(),
  silences: z.number(),
  rate: z.number(),
  /** Keys pressed so far where digits are expected. */
  keys: z.string(),
  utterances: z.number(),
  /** Spoken or queued, end not yet reported. */
  open: z.array(z.object({ utteranceId: z.string(), text: z.string() })).max(16),
  lines: z.number(),
  lastSaid: z.string(),
  /** Of a call that we make; absent when somebody called the clinic. */
  script: script.optional(),
  progress: progress.optional(),
  /** The end of what was said, for whoever takes the call over. */
  kept: z.array(z.object({ agent: z.boolean(), text: z.string() })).max(keptLinesMax),
  figures: z.object({
    notUnderstood: z.number(),
    silences: z.number(),
    interruptions: z.number(),
    /** By turn, milliseconds from its end to the first sound of the answer. */
    responses: z.array(z.object({ turn: z.number(), ms: z.number() })).max(measuredMax),
  }),
});

export type State = z.infer<typeof stateSchema>;
export type Phase = State['phase'];
export type Ask = z.infer<typeof ask>;
export type Slot = z.infer<typeof slot>;
export type Tool = z.infer<typeof tool>;
export type Leave = z.infer<typeof leave>;
export type CallBackReason = z.infer<typeof callBackReason>;
export type CallOutcome = z.infer<typeof outcome>;
export type HandOffReason = z.infer<typeof handOffReason>;
export type OptOutSource = z.infer<typeof optOutSource>;
export type ScriptFacts = z.infer<typeof script>;
export type AppointmentFacts = z.infer<typeof appointment>;

export function newState(o: { callId: string; clinicId: string; startedAtMs: number }): State {
  return {
    ...o,
    stateVersion,
    stream: 0,
    phase: { kind: 'new' },
    wish: { soonest: false },
    lost: [],
    confirmation: 0,
    tools: [],
    requests: 0,
    callerGone: false,
    turns: 0,
    denied: [],
    failures: 0,
    silences: 0,
    rate: 1,
    keys: '',
    utterances: 0,
    open: [],
    lines: 0,
    lastSaid: '',
    kept: [],
    figures: { notUnderstood: 0, silences: 0, interruptions: 0, responses: [] },
  };
}

/** @throws ZodError for anything that is not a state of this version */
export function parseState(json: string): State {
  return stateSchema.parse(JSON.parse(json));
}
