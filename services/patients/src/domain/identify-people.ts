/** One row that names a person: everything about them as keyed hashes. */
export interface PersonRow {
  readonly externalIdKey: string | undefined;
  /** Of the normalised whole name; undefined when the row has none. */
  readonly nameKey: string | undefined;
  readonly numberKey: string;
}

/** A person who is known, as far as rows can mean them. */
export interface KnownPerson {
  readonly patientId: string;
  readonly externalIdKey: string | undefined;
  readonly nameKey: string | undefined;
  readonly numberKeys: readonly string[];
}

/** What has to be written so that every row's person is known. Rows are named by their place. */
export interface Identification {
  /** Per row, the person whom it means. */
  readonly patientIds: readonly string[];
  /** New people, each with the row that has their name as it is to be kept. */
  readonly made: readonly { patientId: string; row: number }[];
  /** People whose name is written differently now. */
  readonly renamed: readonly { patientId: string; row: number }[];
  readonly numbersAdded: readonly { patientId: string; row: number }[];
}

interface Draft {
  patientId: string;
  externalIdKey: string | undefined;
  nameKey: string | undefined;
  numberKeys: Set<string>;
  /** The row that made the person; undefined for one who was known. */
  madeBy: number | undefined;
  /** The row with the name as it is to be kept; undefined while it is the known one. */
  namedBy: number | undefined;
}

/**
 * Says of every row which person it means.
 *
 * A row with an external id means the person of that id and nobody else. One without means the person of the same number
 * and the same normalised name. Where several have both (a father and a son under one number, told apart by their ids),
 * choosing would be a guess: it means the one without an id, who is made when there is none.
 */
export function identifyPeople(
  rows: readonly PersonRow[],
  known: readonly KnownPerson[],
  newId: () => string,
): Identification {
  const people = new Index();
  for (const person of known) {
    people.add({ ...person, numberKeys: new Set(person.numberKeys), madeBy: undefined, namedBy: undefined });
  }
  const numbersAdded: { patientId: string; row: number }[] = [];
  const patientIds = rows.map((row, at) => {
    const person = people.meantBy(row) ?? people.add(draftOf(row, at, newId()));
    if (row.nameKey !== undefined && row.nameKey !== person.nameKey) people.rename(person, row.nameKey, at);
    if (!person.numberKeys.has(row.numberKey)) {
      people.addNumber(person, row.numberKey);
      numbersAdded.push({ patientId: person.patientId, row: at });
    }
    return person.patientId;
  });
  const changed = [...people.all];
  return {
    patientIds,
    made: changed.flatMap(({ patientId, madeBy, namedBy }) =>
      madeBy === undefined ? [] : [{ patientId, row: namedBy ?? madeBy }],
    ),
    renamed: changed.flatMap(({ patientId, madeBy, namedBy }) =>
      madeBy !== undefined || namedBy === undefined ? [] : [{ patientId, row: namedBy }],
    ),
    numbersAdded,
  };
}

function draftOf(row: PersonRow, at: number, patientId: string): Draft {
  return {
    patientId,
    externalIdKey: row.externalIdKey,
    nameKey: row.nameKey,
    numberKeys: new Set(),
    madeBy: at,
    namedBy: undefined,
  };
}

/** People as rows find them. */
class Index {
  readonly all: Draft[] = [];
  readonly #byExternalId = new Map<string, Draft>();
  readonly #byNumber = new Map<string, Draft[]>();

  add(person: Draft): Draft {
    this.all.push(person);
    if (person.externalIdKey !== undefined) this.#byExternalId.set(person.externalIdKey, person);
    for (const key of person.numberKeys) this.#at(key).push(person);
    return person;
  }

  addNumber(person: Draft, numberKey: string): void {
    person.numberKeys.add(numberKey);
    this.#at(numberKey).push(person);
  }

  rename(person: Draft, nameKey: string, at: number): void {
    person.nameKey = nameKey;
    person.namedBy = at;
  }

  meantBy(row: PersonRow): Draft | undefined {
    if (row.externalIdKey !== undefined) return this.#byExternalId.get(row.externalIdKey);
    const same = (this.#byNumber.get(row.numberKey) ?? []).filter(({ nameKey }) => nameKey === row.nameKey);
    return same.length === 1 ? same[0] : same.find(({ externalIdKey }) => externalIdKey === undefined);
  }

  #at(numberKey: string): Draft[] {
    const there = this.#byNumber.get(numberKey) ?? [];
    this.#byNumber.set(numberKey, there);
    return there;
  }
}
