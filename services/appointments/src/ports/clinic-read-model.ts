/** What appointments keeps of the directory. */
export interface ClinicSnapshot {
  readonly clinicId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly doctors: readonly {
    readonly doctorId: string;
    readonly name: string;
    readonly department: string;
    readonly acceptsBookings: boolean;
  }[];
}

export interface ClinicReadModel {
  /**
   * Replaces the clinic and its doctors, once per event. Doctors that are no longer named stop accepting bookings; what is
   * booked with them stays.
   */
  apply(
    tenantId: string,
    change: { eventId: string; sequence: number; clinic: ClinicSnapshot },
  ): Promise<'applied' | 'known'>;
}

/** What a doctor offers and when: our own data, so far only seeded. */
export interface ScheduleStore {
  /** Sets service and weekly hours; repeating it changes nothing. Exceptions stay. */
  define(
    tenantId: string,
    doctor: {
      readonly clinicId: string;
      readonly doctorId: string;
      readonly service: {
        readonly serviceId: string;
        readonly name: string;
        readonly durationMinutes: number;
      };
      readonly weekly: readonly { isoWeekday: number; fromMinute: number; toMinute: number }[];
    },
  ): Promise<void>;
  /** A day off (or a part of it), or extra hours. */
  addException(
    tenantId: string,
    exception: {
      readonly doctorId: string;
      readonly date: string;
      readonly kind: 'off' | 'extra';
      readonly fromMinute: number;
      readonly toMinute: number;
    },
  ): Promise<void>;
}
