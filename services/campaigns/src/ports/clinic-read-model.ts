/** What campaigns keeps of the directory: name and zone of each clinic. */
export interface ClinicReadModel {
  apply(
    tenantId: string,
    o: { eventId: string; sequence: number; clinicId: string; name: string; timeZone: string },
  ): Promise<void>;
}
