import type { ClinicFacts } from '../domain/clinic.ts';

/** What the dialogue must know of the clinic that was called. Fake: `FakeClinicDirectory`. */
export interface ClinicDirectory {
  /** @throws when it cannot be told; a call without a clinic cannot be answered */
  clinic(tenantId: string, clinicId: string): Promise<ClinicFacts>;
}
