import type { CallFigures } from './call-figures.ts';
import { knownText, newestOf, ofKind } from './fact-set.ts';
import type { CampaignChangedFact, RecipientFact } from './facts.ts';

/** How far a campaign came with one of its patients. Each step includes the one before it. */
export interface RecipientFigures {
  readonly recipientId: string;
  readonly campaignId: string;
  /** Called at least once. */
  readonly called: boolean;
  /** Somebody picked up; a machine is nobody. */
  readonly answered: boolean;
  /** It was spoken to a decision, a hand-over to a person included. */
  readonly decided: boolean;
  /** What it came to; empty while the campaign is not done with the patient. */
  readonly result: string;
}

/** What of a call counts for its campaign. */
export type CampaignCall = Pick<CallFigures, 'answered' | 'outcome'>;

/** Outcomes, and results, with which a patient was spoken with to a decision. */
const decisions: ReadonlySet<string> = new Set([
  'booked',
  'confirmed',
  'moved',
  'cancelled',
  'opted-out',
  // As outcomes of calls.
  'call-back-requested',
  'transferred-to-person',
  'emergency-transferred',
  // As results of recipients.
  'handed-over',
  'call-back',
]);

/** Results for which somebody must have picked up, when there was a call at all. */
const spokenWith: ReadonlySet<string> = new Set([...decisions, 'no-decision']);

/**
 * What the facts of one recipient and the calls of its attempts say together; neither order nor repetition matters. Where
 * the calls are known, they say what happened in them; else the recipient's result does, as far as it can.
 */
export function recipientFiguresOf(
  recipientId: string,
  facts: readonly RecipientFact[],
  calls: readonly CampaignCall[],
): RecipientFigures {
  const settled = newestOf(ofKind(facts, 'recipient-settled'), (fact) => fact.settledAtMs);
  const result = settled?.result ?? '';
  const callsUnseen = calls.length === 0 && (settled?.attempts ?? 0) > 0;
  const answered = callsUnseen ? spokenWith.has(result) : calls.some((call) => call.answered);
  const decided = callsUnseen
    ? decisions.has(result)
    : calls.some((call) => call.answered && decisions.has(call.outcome));
  return {
    recipientId,
    campaignId: knownText(facts.map((fact) => fact.campaignId)),
    called: calls.length > 0 || callsUnseen,
    answered,
    decided,
    result,
  };
}

/** What is known of a campaign itself; its sums are those of its calls and recipients. */
export interface CampaignFigures {
  readonly campaignId: string;
  /** Patients that it calls or has called, by its own word. */
  readonly recipients: number;
}

export function campaignFiguresOf(
  campaignId: string,
  facts: readonly CampaignChangedFact[],
): CampaignFigures {
  return { campaignId, recipients: newestOf(facts, (fact) => fact.changedAtMs)?.recipients ?? 0 };
}
