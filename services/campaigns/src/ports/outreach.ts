import type { Personal } from '@wardline/personal-data';

/** What the service patients knows of people. Fake: `startFakePatients`. */
export interface Outreach {
  /** @throws when it cannot be asked within its deadline; then nobody is called */
  mayCall(tenantId: string, callee: { patientId: string | undefined; number: Personal }): Promise<boolean>;
  /** Idempotent; ids in the order asked, at most 1,000. */
  register(
    tenantId: string,
    people: readonly { externalId: Personal | undefined; name: Personal; number: Personal }[],
  ): Promise<string[]>;
}
