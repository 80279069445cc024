import fc from 'fast-check';
import { identifyPeople, type KnownPerson, type PersonRow } from './identify-people.ts';

const rowOf = (
  externalIdKey: string | undefined,
  nameKey: string | undefined,
  numberKey: string,
): PersonRow => ({
  externalIdKey,
  nameKey,
  numberKey,
});
const ids = () => {
  let n = 0;
  return () => `new-${(n += 1)}`;
};

/** What is known once an identification has been written. */
function written(rows: readonly PersonRow[], known: readonly KnownPerson[]): KnownPerson[] {
  const done = identifyPeople(rows, known, () => `p${known.length}-${Math.random()}`);
  const people = new Map(
    known.map((person) => [person.patientId, { ...person, numberKeys: [...person.numberKeys] }]),
  );
  for (const { patientId, row } of done.made) {
    const { externalIdKey, nameKey } = rows[row]!;
    people.set(patientId, { patientId, externalIdKey, nameKey, numberKeys: [] });
  }
  for (const { patientId, row } of done.renamed) people.get(patientId)!.nameKey = rows[row]!.nameKey;
  for (const { patientId, row } of done.numbersAdded)
    people.get(patientId)!.numberKeys.push(rows[row]!.numberKey);
  return [...people.values()];
}

const withoutIds = fc.array(
  fc
    .tuple(fc.constantFrom('ana', 'ben', 'cleo'), fc.constantFrom('home', 'mobile'))
    .map(([name, number]) => rowOf(undefined, name, number)),
  { maxLength: 10 },
);
const rows = fc.array(
  fc
    .tuple(
      fc.option(fc.constantFrom('mrn1', 'mrn2'), { nil: undefined }),
      fc.constantFrom('ana', 'ben'),
      fc.constantFrom('home', 'mobile'),
    )
    .map((cells) => rowOf(...cells)),
  { maxLength: 10 },
);

describe('who a row means', () => {
  it('is one person per number and name, and never one for two names', () => {
    fc.assert(
      fc.property(withoutIds, withoutIds, (first, second) => {
        const { patientIds } = identifyPeople(second, written(first, []), ids());
        second.forEach((a, i) =>
          second.forEach((b, j) => {
            const same = a.nameKey === b.nameKey && a.numberKey === b.numberKey;
            expect(patientIds[i] === patientIds[j]).toBe(same);
          }),
        );
      }),
    );
  });

  it('is never one person for two external ids, and always one for the same', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const { patientIds } = identifyPeople(second, written(first, []), ids());
        second.forEach((a, i) =>
          second.forEach((b, j) => {
            if (a.externalIdKey === undefined || b.externalIdKey === undefined) return;
            expect(patientIds[i] === patientIds[j]).toBe(a.externalIdKey === b.externalIdKey);
          }),
        );
      }),
    );
  });

  it('is the same when a file comes again, and nothing is written then', () => {
    fc.assert(
      fc.property(withoutIds, (file) => {
        const again = identifyPeople(file, written(file, []), ids());
        expect({ ...again, patientIds: [] }).toEqual({
          patientIds: [],
          made: [],
          renamed: [],
          numbersAdded: [],
        });
      }),
    );
  });

  it('is the person of the external id, at another number and under another name', () => {
    const known = [{ patientId: 'p1', externalIdKey: 'mrn1', nameKey: 'ana', numberKeys: ['home'] }];
    expect(identifyPeople([rowOf('mrn1', 'ana lopez', 'mobile')], known, ids())).toEqual({
      patientIds: ['p1'],
      made: [],
      renamed: [{ patientId: 'p1', row: 0 }],
      numbersAdded: [{ patientId: 'p1', row: 0 }],
    });
  });

  it('is the known person of number and name although only they have an external id', () => {
    const known = [{ patientId: 'p1', externalIdKey: 'mrn1', nameKey: 'ana', numberKeys: ['home'] }];
    expect(identifyPeople([rowOf(undefined, 'ana', 'home')], known, ids()).patientIds).toEqual(['p1']);
  });

  it('is not chosen among two of the same number and name', () => {
    const known = [
      { patientId: 'father', externalIdKey: 'mrn1', nameKey: 'john smith', numberKeys: ['home'] },
      { patientId: 'son', externalIdKey: 'mrn2', nameKey: 'john smith', numberKeys: ['home'] },
    ];
    const { patientIds } = identifyPeople([rowOf(undefined, 'john smith', 'home')], known, ids());
    expect(patientIds).toEqual(['new-1']);
  });

  it('is not somebody without an external id when the row has one', () => {
    const known = [{ patientId: 'p1', externalIdKey: undefined, nameKey: 'ana', numberKeys: ['home'] }];
    expect(identifyPeople([rowOf('mrn1', 'ana', 'home')], known, ids()).patientIds).toEqual(['new-1']);
  });
});
