/** What the directory knows that a phone call needs. Fake: `FakeClinicLines` in testing/. */
export interface ClinicLines {
  /** Which clinic a called number (E.164) reaches; undefined when none. Rejects when the directory does not answer. */
  resolve(number: string): Promise<{ tenantId: string; clinicId: string } | undefined>;
  /** Rejects when the directory does not answer. */
  linesOf(tenantId: string, clinicId: string): Promise<Lines>;
}

export interface Lines {
  /** BCP 47. */
  readonly language: string;
  /** E.164; undefined when the clinic has named none. */
  readonly transferNumber: string | undefined;
  readonly emergencyNumber: string | undefined;
}
