import { z } from 'zod';

/**
 * The whole of a conversation as a value. It is parsed on load, so that a state written by another version is refused
 * rather than misread; `stateVersion` changes with every change of shape.
 */
export const stateVersion = 1;

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

const outcome = z.enum(['booked', 'call-back-requested', 'no-input', 'not-booked']);
const callBackReason = z.enum(['cancel-appointment', 'move-appointment', 'other']);
const transferReason = z.enum(['caller-asked', 'emergency', 'not-understood']);

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
]);

const ask = z.enum(['open', 'who', 'day', 'time', 'name', 'phone']);
const leave = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('transfer'), reason: transferReason }),
  z.object({ kind: z.literal('hang-up'), outcome }),
]);

const phase = z.discriminatedUnion('kind', [
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
  z.object({ kind: z.literal('over') }),
]);

/** A question between: the phase under it waits. */
const aside = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('emergency'), asked: z.number() }),
  z.object({ kind: z.literal('heard'), text: z.string() }),
  z.object({ kind: z.literal('person') }),
]);

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
});

export type State = z.infer<typeof stateSchema>;
export type Phase = State['phase'];
export type Ask = z.infer<typeof ask>;
export type Slot = z.infer<typeof slot>;
export type Tool = z.infer<typeof tool>;
export type Leave = z.infer<typeof leave>;
export type CallBackReason = z.infer<typeof callBackReason>;

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
  };
}

/** @throws ZodError for anything that is not a state of this version */
export function parseState(json: string): State {
  return stateSchema.parse(JSON.parse(json));
}
