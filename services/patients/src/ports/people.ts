import type { Personal } from '@wardline/personal-data';

export interface NewPerson {
  /** The hospital's own name for the person. */
  readonly externalId: Personal | undefined;
  readonly name: Personal | undefined;
  /** E.164. */
  readonly number: Personal;
}

export interface Person {
  readonly patientId: string;
  readonly externalId: Personal | undefined;
  /** Undefined for an entry that stands for a number alone. */
  readonly name: Personal | undefined;
  readonly numbers: readonly Personal[];
  readonly outreachAllowed: boolean;
  readonly registeredAt: Date;
}

export interface PeopleQuery {
  readonly number?: Personal;
  readonly name?: Personal;
  readonly limit: number;
  /** The last person of the page before. */
  readonly after?: string;
}

/** The people of one installation, always seen through one tenant. */
export interface People {
  /** Finds or makes the people that rows mean, in one transaction; answers in their order. */
  register(tenantId: string, rows: readonly NewPerson[]): Promise<readonly string[]>;
  /** Newest first. */
  list(tenantId: string, query: PeopleQuery): Promise<Person[]>;
  find(tenantId: string, patientId: string): Promise<Person | undefined>;
}
