export type ConsentChange = 'opted-out' | 'opted-in';

/** One line of the ledger, as far as it decides who may be called. */
export interface LedgerEntry {
  /** Order of recording; no two entries have the same. */
  readonly position: bigint;
  /** Who said it: a person, or the entry that stands for a number alone. */
  readonly patientId: string;
  readonly change: ConsentChange;
  /** The numbers that it speaks of. */
  readonly numberKeys: readonly string[];
}

/** What a ledger says now. */
export interface Consent {
  /** Whether the person may be called at all; who never said anything may. */
  personAllowed(patientId: string): boolean;
  /** Whether nobody may be called at the number, whoever answers it. */
  numberBlocked(numberKey: string): boolean;
}

/**
 * The state that a ledger gives, whatever order its entries are read in and however often.
 *
 * Of every person the newest entry counts, and of every person *and number* the newest entry of that person that speaks
 * of the number. A number is blocked while anyone's word blocks it: two people who share one and both opted out have
 * both to opt in again. So an opt-in takes back exactly what the same person opted out of.
 */
export function consentOf(entries: Iterable<LedgerEntry>): Consent {
  const ofPerson = new Map<string, LedgerEntry>();
  const ofNumber = new Map<string, Map<string, LedgerEntry>>();
  for (const entry of entries) {
    keepNewest(ofPerson, entry);
    for (const key of entry.numberKeys) {
      const sayers = ofNumber.get(key) ?? new Map<string, LedgerEntry>();
      ofNumber.set(key, sayers);
      keepNewest(sayers, entry);
    }
  }
  return {
    personAllowed: (patientId) => ofPerson.get(patientId)?.change !== 'opted-out',
    numberBlocked: (numberKey) =>
      [...(ofNumber.get(numberKey)?.values() ?? [])].some(({ change }) => change === 'opted-out'),
  };
}

function keepNewest(newest: Map<string, LedgerEntry>, entry: LedgerEntry): void {
  const known = newest.get(entry.patientId);
  if (!known || known.position < entry.position) newest.set(entry.patientId, entry);
}

/** Whether a campaign may call: neither the person, when known, nor the number is blocked. */
export function mayCall(
  consent: Consent,
  callee: { patientId: string | undefined; numberKey: string },
): boolean {
  if (consent.numberBlocked(callee.numberKey)) return false;
  return callee.patientId === undefined || consent.personAllowed(callee.patientId);
}

/**
 * The numbers that a new entry speaks of. With a number said, that one; else all at which the person is called, and for an
 * opt-in also those that their earlier entries spoke of, so that it takes back what they opted out of.
 */
export function numbersSpokenOf(o: {
  change: ConsentChange;
  saidNumberKey: string | undefined;
  personNumberKeys: readonly string[];
  earlier: readonly LedgerEntry[];
}): string[] {
  if (o.saidNumberKey !== undefined) return [o.saidNumberKey];
  const before = o.change === 'opted-in' ? o.earlier.flatMap(({ numberKeys }) => numberKeys) : [];
  return [...new Set([...o.personNumberKeys, ...before])].sort();
}
