import type { OptOutSource } from '../domain/state.ts';
import type { BookFailure } from './appointment-book.ts';

/** Where it stands who wants to be called. Fake: `FakeConsentLedger`. */
export interface ConsentLedger {
  /** Durable when it answers `done`; the same key enters it once. */
  optOut(
    tenantId: string,
    o: {
      /** Empty: whoever is called at the number. */
      patientId: string;
      /** E.164. */
      number: string;
      source: OptOutSource;
      callId: string;
      note: string;
      key: string;
    },
  ): Promise<{ kind: 'done' } | BookFailure>;
}
