import fc from 'fast-check';
import { consentOf, mayCall, numbersSpokenOf, type LedgerEntry } from './consent-ledger.ts';

const people = ['ana', 'ben', 'whoever'] as const;
const numbers = ['home', 'mobile', 'work'] as const;

const ledgers = fc
  .array(
    fc.record({
      patientId: fc.constantFrom(...people),
      change: fc.constantFrom('opted-out' as const, 'opted-in' as const),
      numberKeys: fc.subarray([...numbers]),
    }),
    { maxLength: 12 },
  )
  .map((entries) => entries.map((entry, at): LedgerEntry => ({ ...entry, position: BigInt(at + 1) })));

/** Everything that a ledger decides here. */
const stateOf = (entries: Iterable<LedgerEntry>) => {
  const consent = consentOf(entries);
  return {
    people: people.map((patientId) => consent.personAllowed(patientId)),
    numbers: numbers.map((numberKey) => consent.numberBlocked(numberKey)),
  };
};

describe('the consent ledger', () => {
  it('gives the same state for any order and repetition of its entries', () => {
    const read = ledgers.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc
          .array(fc.nat(), { maxLength: 12 })
          .map((extra) => [
            ...entries,
            ...extra.flatMap((n) => (entries.length ? [entries[n % entries.length]!] : [])),
          ])
          .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      ),
    );
    fc.assert(
      fc.property(read, ([entries, shuffled]) => expect(stateOf(shuffled)).toEqual(stateOf(entries))),
    );
  });

  it('gives the state of the newest entry of everybody who spoke', () => {
    fc.assert(
      fc.property(ledgers, (entries) => {
        // The same said without any structure: write into cells, in the order of recording.
        const cells = new Map<string, boolean>();
        for (const { patientId, change, numberKeys } of entries) {
          cells.set(patientId, change === 'opted-out');
          for (const key of numberKeys) cells.set(`${patientId} at ${key}`, change === 'opted-out');
        }
        expect(stateOf(entries)).toEqual({
          people: people.map((p) => cells.get(p) !== true),
          numbers: numbers.map((n) => people.some((p) => cells.get(`${p} at ${n}`) === true)),
        });
      }),
    );
  });

  it('lets nobody be called at a number that anybody who shares it opted out of', () => {
    fc.assert(
      fc.property(ledgers, fc.constantFrom(...numbers), (entries, number) => {
        const last: LedgerEntry = {
          position: BigInt(entries.length + 1),
          patientId: 'ana',
          change: 'opted-out',
          numberKeys: [number],
        };
        const consent = consentOf([...entries, last]);
        for (const patientId of [...people, undefined]) {
          expect(mayCall(consent, { patientId, numberKey: number })).toBe(false);
        }
        for (const numberKey of numbers)
          expect(mayCall(consent, { patientId: 'ana', numberKey })).toBe(false);
      }),
    );
  });

  it('is as it was after opting out and in again', () => {
    fc.assert(
      fc.property(ledgers, fc.subarray([...numbers]), (entries, numberKeys) => {
        // Of one who had not spoken before, so that there is nothing to go back to but "allowed".
        const said = { patientId: 'cleo', numberKeys };
        const position = BigInt(entries.length + 1);
        const after = [
          ...entries,
          { ...said, position, change: 'opted-out' as const },
          { ...said, position: position + 1n, change: 'opted-in' as const },
        ];
        expect(stateOf(after)).toEqual(stateOf(entries));
      }),
    );
  });

  it('does not take back for one what another opted out of', () => {
    const both = [
      { position: 1n, patientId: 'ana', change: 'opted-out', numberKeys: ['home'] },
      { position: 2n, patientId: 'ben', change: 'opted-out', numberKeys: ['home', 'mobile'] },
      { position: 3n, patientId: 'ben', change: 'opted-in', numberKeys: ['home', 'mobile'] },
    ] as const;
    expect(stateOf(both)).toEqual({ people: [false, true, true], numbers: [true, false, false] });
  });

  it('allows whoever and whatever it says nothing of', () => {
    expect(mayCall(consentOf([]), { patientId: 'ana', numberKey: 'home' })).toBe(true);
    expect(mayCall(consentOf([]), { patientId: undefined, numberKey: 'home' })).toBe(true);
  });
});

describe('the numbers that an entry speaks of', () => {
  const earlier: LedgerEntry[] = [
    { position: 1n, patientId: 'ana', change: 'opted-out', numberKeys: ['work', 'home'] },
  ];
  const person = { personNumberKeys: ['home', 'mobile'], earlier };

  it('are the one that was said', () => {
    expect(numbersSpokenOf({ ...person, change: 'opted-out', saidNumberKey: 'work' })).toEqual(['work']);
    expect(numbersSpokenOf({ ...person, change: 'opted-in', saidNumberKey: 'work' })).toEqual(['work']);
  });

  it('are all of the person when none was said', () => {
    expect(numbersSpokenOf({ ...person, change: 'opted-out', saidNumberKey: undefined })).toEqual([
      'home',
      'mobile',
    ]);
  });

  it('include, for an opt-in, those of which the person opted out elsewhere', () => {
    expect(numbersSpokenOf({ ...person, change: 'opted-in', saidNumberKey: undefined })).toEqual([
      'home',
      'mobile',
      'work',
    ]);
  });
});
