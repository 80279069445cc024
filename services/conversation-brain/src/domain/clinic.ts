/** What the dialogue knows of a clinic: its own view, translated from directory's answer at the adapter. */
export interface ClinicFacts {
  readonly clinicId: string;
  readonly name: string;
  /** IANA zone; everything a caller hears or means is in it. */
  readonly timeZone: string;
  readonly assistantName: string;
  readonly emergencyText: string;
  /** E.164: the number that patients call. */
  readonly phone?: string | undefined;
  /** "+1" or "+44": what a number said without a country belongs to. */
  readonly callingCode: string;
  readonly doctors: readonly ClinicDoctor[];
  /** Local minutes of the day between which the clinic is ever open, on whatever day; absent when not known. */
  readonly open?: { readonly fromMinutes: number; readonly toMinutes: number } | undefined;
}

export interface ClinicDoctor {
  readonly doctorId: string;
  /** As directory writes it, such as "Dr. Anita Sharma". */
  readonly name: string;
  readonly department: string;
  readonly alsoCalled: readonly string[];
  readonly acceptsBookings: boolean;
}

/** A doctor's name for the voice: "Dr. Anita Sharma" → "Doctor Anita Sharma". A voice reads "Dr." as it pleases. */
export function spokenDoctor(name: string): string {
  return /^(dr\.?|doctor)\s+/i.test(name) ? name.replace(/^(dr\.?|doctor)\s+/i, 'Doctor ') : name;
}

/** That it is a machine is said in every greeting, whatever a clinic calls its assistant. */
export function spokenAssistant(name: string): string {
  return /automated/i.test(name) ? name : `${name}, an automated assistant`;
}

/** Name parts without the title, lower case: "Dr. Anita Sharma" → ["anita", "sharma"]. */
export function nameParts(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/^(dr\.?|doctor)\s+/, '')
    .split(/[\s-]+/)
    .filter((part) => part !== '');
}

/** The clinic's own words, which the recogniser is told with every turn. */
export function vocabularyOf(clinic: ClinicFacts): string[] {
  const words = clinic.doctors.flatMap((doctor) => [
    spokenDoctor(doctor.name),
    doctor.department,
    ...doctor.alsoCalled,
  ]);
  return [...new Set(words)];
}
