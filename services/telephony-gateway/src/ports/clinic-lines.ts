/** What the directory knows that a phone call needs. Fake: `FakeClinicLines` in testing/. */
export interface ClinicLines {
  /** Which clinic a called number (E.164) reaches; undefined when none. Rejects when the directory does not answer. */
  resolve(number: string): Promise<{ tenantId: string; clinicId: string } | undefined>;
  /** Rejects when the directory does not answer. */
  linesOf(tenantId: string, clinicId: string): Promise<Lines>;
}

export interface Lines {
  /** As patients know the clinic; empty when the directory names none. */
  readonly name: string;
  /** BCP 47. */
  readonly language: string;
  /** E.164, from which the clinic calls; undefined when it has none. */
  readonly number?: string | undefined;
  /** E.164; undefined when the clinic has named none. */
  readonly transferNumber: string | undefined;
  readonly emergencyNumber: string | undefined;
}
