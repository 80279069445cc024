/** What a campaign comes to for one recipient: the words of `RecipientResult` on the wire. */
export const recipientResults = [
  'confirmed',
  'moved',
  'cancelled',
  'booked',
  'handed-over',
  'call-back',
  'opted-out',
  'voicemail-left',
  'no-decision',
  'not-reached',
  'invalid-number',
  'not-allowed',
  'not-called',
] as const;
export type RecipientResult = (typeof recipientResults)[number];

/** Results of one call after which nobody calls again. */
const decisive = [
  'confirmed',
  'moved',
  'cancelled',
  'booked',
  'handed-over',
  'call-back',
  'opted-out',
  'voicemail-left',
  'no-decision',
  'invalid-number',
] as const satisfies readonly RecipientResult[];
export type DecisiveResult = (typeof decisive)[number];

/** Results of one call after which it is tried again, by the policy. */
export const repeatableResults = [
  'busy',
  'no-answer',
  'machine',
  /** Somebody picked up and was not heard. */
  'no-input',
  /** Somebody else picked up. */
  'wrong-person',
  'rejected',
  /** Answered, and then the call broke before it came to anything. */
  'cut-off',
  /** Carrier or platform: nobody's telephone rang for certain. */
  'failed',
  /** Telephony knows no such call. */
  'lost',
  /** Handed to telephony and not dialled. */
  'not-dialled',
] as const;
export type RepeatableResult = (typeof repeatableResults)[number];

export type AttemptResult = DecisiveResult | RepeatableResult;

/** What another service's own record proves of a call: the ledger of consents, the schedule. */
export const provenResults = [
  'opted-out',
  'cancelled',
  'moved',
  'confirmed',
] as const satisfies readonly DecisiveResult[];
export type ProvenResult = (typeof provenResults)[number];

/**
 * What a call came to, by how telephony says that it ended and by what is proven of it. A wish for no more calls counts more
 * than anything. A changed appointment counts where telephony does not know what was decided: it may have been gone when
 * that was done. Where it does know, it knows of the whole call, and what came after the change.
 */
export function resultOfCall(told: AttemptResult, proven: ProvenResult | undefined): AttemptResult {
  if (proven === undefined) return told;
  return proven === 'opted-out' || !isDecisive(told) || told === 'no-decision' ? proven : told;
}

export function isDecisive(result: AttemptResult): result is DecisiveResult {
  return (decisive as readonly string[]).includes(result);
}

export function isAttemptResult(word: string): word is AttemptResult {
  return [...decisive, ...repeatableResults].some((result) => result === word);
}
