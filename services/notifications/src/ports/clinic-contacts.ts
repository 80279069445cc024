/** What a message tells the patient about reaching the clinic. */
export interface ClinicContacts {
  /** E.164; undefined when the clinic has no number. @throws when the directory cannot be asked */
  numberOf(tenantId: string, clinicId: string): Promise<string | undefined>;
}
