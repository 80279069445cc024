import type { Personal } from '@wardline/personal-data';

/** What the service patients knows of people. Fake: `startFakePatients`. */
export interface Outreach {
  /** @throws when it cannot be asked within its deadline; then nobody is called */
  mayCall(tenantId: string, callee: { patientId: string | undefined; number: Personal }): Promise<boolean>;
  /**
   * Idempotent; ids in the order asked, at most 1,000.
   * @throws PeopleRefused when it will never take these people as they are
   */
  register(
    tenantId: string,
    people: readonly { externalId: Personal | undefined; name: Personal; number: Personal }[],
  ): Promise<string[]>;
}

export class PeopleRefused extends Error {
  readonly code = 'people-refused';
  readonly retryable = false;

  constructor(options?: ErrorOptions) {
    super('patients does not take somebody of these people as they are', options);
    this.name = 'PeopleRefused';
  }
}
