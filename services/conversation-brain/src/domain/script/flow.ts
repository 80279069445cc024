import { z } from 'zod';

/**
 * A script that outbound calls follow, as data: a graph of nodes. What a hospital writes as JSON; `checkFlow` says what is
 * wrong with it, and only what it finds nothing wrong with is ever run.
 */
const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 tag, such as "en" or "en-GB"');
const nodeId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, 40 at most');
/** Longer than half a minute nobody listens. */
const textCharsMax = 400;
const texts = z.record(languageTag, z.string().trim().min(1).max(textCharsMax));

/** What an answer may mean. `yes` and `no` are what they are; `any` is whatever was said. */
export const meanings = ['yes', 'no', 'move', 'cancel', 'cannot-come', 'not-here', 'any'] as const;
const meaning = z.enum(meanings);
const expectation = z.enum(['open', 'yes-no', 'date', 'time']);
/** 0 reaches a person and 9 ends all calls, in every script. */
const key = z.string().regex(/^[1-8]$/, 'one of 1 to 8: 0 and 9 have their meaning everywhere');

const answer = z.strictObject({ means: meaning, key: key.optional(), next: nodeId });
const answers = z.array(answer).min(1).max(8);

/** What is known of the appointment when the call begins, and changes with what the call does to it. */
export const conditions = [
  'appointment-ahead',
  'appointment-past',
  'appointment-cancelled',
  'appointment-confirmed',
] as const;

const toolNode = z.discriminatedUnion('tool', [
  /**
   * At once. Confirming and cancelling need the yes to a question that said what happens; `call-back` puts the patient on the
   * list of people whom the clinic calls.
   */
  z.strictObject({
    id: nodeId,
    kind: z.literal('tool'),
    tool: z.enum(['confirm-appointment', 'cancel-appointment', 'call-back']),
    done: nodeId,
    failed: nodeId,
  }),
  /** Offers times, reads back, and moves or books at a clear yes. `answers`: what else leads out of it. */
  z.strictObject({
    id: nodeId,
    kind: z.literal('tool'),
    tool: z.enum(['move-appointment', 'book-appointment']),
    done: nodeId,
    failed: nodeId,
    declined: nodeId,
    answers: answers.optional(),
  }),
]);

const node = z.discriminatedUnion('kind', [
  /** Said together with what follows. */
  z.strictObject({ id: nodeId, kind: z.literal('say'), texts, next: nodeId }),
  z.strictObject({
    id: nodeId,
    kind: z.literal('ask'),
    texts,
    /** For somebody who did not answer the first; absent: the same. */
    again: texts.optional(),
    /** The question whether it is the patient: only behind its yes anything of the appointment is said or done. */
    identifies: z.boolean().optional(),
    expects: z.array(expectation).min(1).max(3).optional(),
    /** Silence until it is asked again. */
    silenceSeconds: z.number().min(2).max(30).optional(),
    answers,
  }),
  z.strictObject({
    id: nodeId,
    kind: z.literal('branch'),
    if: z.enum(conditions),
    then: nodeId,
    else: nodeId,
  }),
  toolNode,
  /** What is left on an answering machine: the call begins and ends with it when one is on the line. */
  z.strictObject({ id: nodeId, kind: z.literal('message'), texts }),
  z.strictObject({ id: nodeId, kind: z.literal('transfer'), texts }),
  z.strictObject({
    id: nodeId,
    kind: z.literal('end'),
    texts,
    /** When nothing was achieved before. */
    outcome: z.enum(['not-booked', 'wrong-person']).optional(),
  }),
]);

export const nodesMax = 60;

export const flowSchema = z.strictObject({
  format: z.literal(1),
  title: z.string().trim().min(1).max(120),
  /** The languages that every text has; "en" is one of them. */
  languages: z.array(languageTag).min(1).max(12),
  begin: nodeId,
  nodes: z.array(node).min(1).max(nodesMax),
});

export type Flow = z.infer<typeof flowSchema>;
export type FlowNode = Flow['nodes'][number];
export type FlowTexts = z.infer<typeof texts>;
export type Meaning = z.infer<typeof meaning>;
export type Condition = (typeof conditions)[number];
export type AskNode = Extract<FlowNode, { kind: 'ask' }>;
export type ToolNode = Extract<FlowNode, { kind: 'tool' }>;
export type ScriptAnswer = z.infer<typeof answer>;

export function nodeOf(flow: Flow, id: string): FlowNode | undefined {
  return flow.nodes.find((one) => one.id === id);
}

/** The node that is left on machines, if the script has one. */
export function messageOf(flow: Flow): Extract<FlowNode, { kind: 'message' }> | undefined {
  return flow.nodes.find((one) => one.kind === 'message');
}

/** The text in the language, else in its primary subtag, else in English. */
export function textIn(from: FlowTexts, language: string): string {
  const wanted = language.toLowerCase();
  const byTag = (tag: string): string | undefined =>
    Object.entries(from).find(([one]) => one.toLowerCase() === tag)?.[1];
  return byTag(wanted) ?? byTag(wanted.split('-')[0] ?? '') ?? byTag('en') ?? Object.values(from)[0] ?? '';
}

/** Where each edge leads, with its place in the node as a JSON pointer's tail. */
export function edgesOf(one: FlowNode): { readonly at: string; readonly to: string }[] {
  switch (one.kind) {
    case 'say':
      return [{ at: 'next', to: one.next }];
    case 'ask':
      return one.answers.map(({ next }, i) => ({ at: `answers/${i}/next`, to: next }));
    case 'branch':
      return [
        { at: 'then', to: one.then },
        { at: 'else', to: one.else },
      ];
    case 'tool': {
      const edges = [
        { at: 'done', to: one.done },
        { at: 'failed', to: one.failed },
      ];
      if (!('declined' in one)) return edges;
      const more = (one.answers ?? []).map(({ next }, i) => ({ at: `answers/${i}/next`, to: next }));
      return [...edges, { at: 'declined', to: one.declined }, ...more];
    }
    case 'message':
    case 'transfer':
    case 'end':
      return [];
    default:
      return one satisfies never;
  }
}

/** The texts of a node, with their places. */
export function textsOf(one: FlowNode): { readonly at: string; readonly texts: FlowTexts }[] {
  if (!('texts' in one)) return [];
  const again = one.kind === 'ask' && one.again ? [{ at: 'again', texts: one.again }] : [];
  return [{ at: 'texts', texts: one.texts }, ...again];
}
