import { knownText, newestOf, ofKind } from './fact-set.ts';
import type {
  CallCompletedFact,
  CallEscalatedFact,
  CallFact,
  CallFailedFact,
  ConversationEndedFact,
} from './facts.ts';
import { percentile } from './percentile.ts';
import { scoreOf, type Score } from './score.ts';
import { technicalReasons, type Measures, type scoreRules } from './score-rules.ts';

/** The figures of one call. */
export interface CallFigures {
  readonly callId: string;
  readonly clinicId: string;
  readonly campaignId: string;
  readonly attemptId: string;
  readonly direction: string;
  /** How it ended; empty while it has not. */
  readonly ending: '' | 'completed' | 'escalated' | 'failed';
  readonly outcome: string;
  readonly initiatedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Whether a person picked up; a machine is none. */
  readonly answered: boolean;
  readonly talkSeconds: number;
  readonly turns: number;
  readonly notUnderstood: number;
  readonly silences: number;
  readonly interruptions: number;
  /** In the order of the turns. */
  readonly responseMs: readonly number[];
  /** 0 when no turn was measured. */
  readonly responseMsP50: number;
  readonly responseMsMax: number;
  /** From asking for a person to talking with one; null when it did not come to that. */
  readonly secondsToHuman: number | null;
  /** Null before the call has been scored, and for a call that nobody had a conversation in. */
  readonly score: Score | null;
  /** It has ended and would be scored, but how the conversation went is not known yet. */
  readonly awaitsConversation: boolean;
}

type EndFact = CallCompletedFact | CallEscalatedFact | CallFailedFact;

/** Outcomes of calls that a machine answered. */
const machineOutcomes: ReadonlySet<string> = new Set(['machine', 'voicemail-left']);

/**
 * What the facts of one call say together: a function of the set of them, so that neither their order nor a repetition
 * makes a difference. The platform's clock has no part in it.
 */
export function callFiguresOf(
  callId: string,
  facts: readonly CallFact[],
  rules?: typeof scoreRules,
): CallFigures {
  const initiated = newestOf(ofKind(facts, 'call-initiated'), (f) => f.initiatedAtMs);
  const end = newestOf<EndFact>(
    [...ofKind(facts, 'call-completed'), ...ofKind(facts, 'call-escalated'), ...ofKind(facts, 'call-failed')],
    endedAtOf,
  );
  const conversation = newestOf(ofKind(facts, 'conversation-ended'), (f) => f.endedAtMs);
  const graceOver = facts.some((fact) => fact.kind === 'grace-over');
  const answeredAtMs = answeredAtOf(facts, end);
  const outcome = outcomeOf(end);
  const ofCampaign = facts.filter((fact) => 'campaignId' in fact);
  const figures = {
    callId,
    clinicId: knownText(facts.map((fact) => fact.clinicId)),
    campaignId: knownText(ofCampaign.map((fact) => fact.campaignId)),
    attemptId: knownText(ofCampaign.map((fact) => fact.attemptId)),
    direction: directionOf(facts),
    ending: endingOf(end),
    outcome,
    initiatedAtMs: initiated?.initiatedAtMs ?? end?.initiatedAtMs ?? null,
    endedAtMs: end ? endedAtOf(end) : null,
    answered: answeredAtMs !== null && end?.kind !== 'call-failed' && !machineOutcomes.has(outcome),
    talkSeconds: Math.round(talkMsOf(end, answeredAtMs) / 1_000),
    turns: conversation?.turns ?? 0,
    notUnderstood: conversation?.notUnderstood ?? 0,
    silences: conversation?.silences ?? 0,
    interruptions: conversation?.interruptions ?? 0,
    responseMs: conversation?.responseMs ?? [],
    responseMsP50: percentile(conversation?.responseMs ?? [], 0.5) ?? 0,
    responseMsMax: Math.max(0, ...(conversation?.responseMs ?? [])),
    secondsToHuman: secondsToHumanOf(end),
  };
  const hadConversation = end !== undefined && figures.answered;
  // A report that comes after all, when the call has been scored without it, does not change the score that was told.
  const heard = graceOver ? undefined : conversation;
  return {
    ...figures,
    score:
      hadConversation && (conversation || graceOver) ? scoreOf(measuresOf(end, figures, heard), rules) : null,
    awaitsConversation: hadConversation && !conversation && !graceOver,
  };
}

function endedAtOf(end: EndFact): number {
  return end.kind === 'call-failed' ? end.failedAtMs : end.endedAtMs;
}

function endingOf(end: EndFact | undefined): CallFigures['ending'] {
  if (!end) return '';
  return ({ 'call-completed': 'completed', 'call-escalated': 'escalated', 'call-failed': 'failed' } as const)[
    end.kind
  ];
}

function directionOf(facts: readonly CallFact[]): string {
  const said = facts.flatMap((fact) => ('direction' in fact ? [fact.direction] : []));
  return knownText(said.filter((word) => word !== 'unspecified')) || 'unspecified';
}

function outcomeOf(end: EndFact | undefined): string {
  if (end?.kind === 'call-completed') return end.outcome;
  if (end?.kind !== 'call-escalated') return 'unspecified';
  return end.reason === 'emergency' ? 'emergency-transferred' : 'transferred-to-person';
}

/** When somebody or something picked up: the call's own word, else its first change to "active". */
function answeredAtOf(facts: readonly CallFact[], end: EndFact | undefined): number | null {
  if (end?.kind === 'call-completed' && end.answeredAtMs !== null) return end.answeredAtMs;
  const active = ofKind(facts, 'call-changed').filter(({ toState }) => toState === 'active');
  if (active.length > 0) return Math.min(...active.map(({ changedAtMs }) => changedAtMs));
  return end?.kind === 'call-escalated' ? end.transferredAtMs : null;
}

function talkMsOf(end: EndFact | undefined, answeredAtMs: number | null): number {
  if (!end || end.kind === 'call-failed') return 0;
  if (end.kind === 'call-completed' && end.talkMs !== null) return Math.max(0, end.talkMs);
  return answeredAtMs === null ? 0 : Math.max(0, end.endedAtMs - answeredAtMs);
}

function secondsToHumanOf(end: EndFact | undefined): number | null {
  if (end?.kind !== 'call-escalated' || end.requestedAtMs === null) return null;
  return Math.max(0, Math.round((end.transferredAtMs - end.requestedAtMs) / 1_000));
}

function reasonOf(end: EndFact): string {
  if (end.kind === 'call-completed') return end.endReason;
  return end.kind === 'call-escalated' ? end.reason : end.failureReason;
}

function measuresOf(
  end: EndFact,
  figures: Pick<CallFigures, 'outcome' | 'secondsToHuman'>,
  heard: ConversationEndedFact | undefined,
): Measures {
  const share = (count: number): number =>
    heard && heard.turns > 0 ? Math.min(100, Math.round((100 * count) / heard.turns)) : 0;
  const flag = (holds: boolean): number => (holds ? 1 : 0);
  return {
    responseMsP50: percentile(heard?.responseMs ?? [], 0.5) ?? 0,
    responseMsMax: Math.max(0, ...(heard?.responseMs ?? [])),
    notUnderstoodShare: share(heard?.notUnderstood ?? 0),
    interruptionShare: share(heard?.interruptions ?? 0),
    silences: heard?.silences ?? 0,
    secondsToHuman: figures.secondsToHuman ?? 0,
    abandoned: flag(figures.outcome === 'abandoned'),
    nothingHeard: flag(figures.outcome === 'no-input'),
    technicalEnd: flag(technicalReasons.has(reasonOf(end))),
    givenUp: flag(end.kind === 'call-escalated' && end.reason === 'not-understood'),
    reportMissing: flag(heard === undefined),
  };
}
