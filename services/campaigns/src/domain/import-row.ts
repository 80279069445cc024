import { parseTimeZone } from '@wardline/clinic-time';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Cells of a row by their meaning, trimmed; empty ones are left out. */
export interface RowCells {
  readonly name?: string;
  readonly phone?: string;
  readonly externalId?: string;
  readonly timeZone?: string;
  readonly appointmentId?: string;
  readonly language?: string;
}

export interface RowProblem {
  readonly code: string;
  readonly problem: string;
}

export const NAME_CHARACTERS_MAX = 200;
const ID_CHARACTERS_MAX = 100;

/** The first thing that is wrong with a row, the phone number apart, with what to do about it. */
export function problemOfRow(cells: RowCells): RowProblem | undefined {
  if (cells.name === undefined) return { code: 'name-missing', problem: 'The row has no name: fill it in.' };
  if (cells.name.length > NAME_CHARACTERS_MAX)
    return {
      code: 'name-too-long',
      problem: `The name has more than ${NAME_CHARACTERS_MAX} characters: shorten it.`,
    };
  if (cells.phone === undefined)
    return { code: 'phone-missing', problem: 'The row has no phone number: fill it in.' };
  if ((cells.externalId?.length ?? 0) > ID_CHARACTERS_MAX)
    return {
      code: 'external-id-too-long',
      problem: `The patient’s id has more than ${ID_CHARACTERS_MAX} characters: is this the right column?`,
    };
  if (cells.timeZone !== undefined && !isTimeZone(cells.timeZone))
    return {
      code: 'time-zone-unknown',
      problem: 'The time zone is not known: use a name such as "America/Denver", or leave it empty.',
    };
  if (cells.appointmentId !== undefined && !UUID.test(cells.appointmentId))
    return {
      code: 'appointment-invalid',
      problem:
        'The appointment is not one of Wardline’s ids: export it from the appointments list, or leave it empty.',
    };
  if (cells.language !== undefined && languageTag(cells.language) === undefined)
    return {
      code: 'language-invalid',
      problem: 'The language is not a tag such as "en-US" or "es": change it, or leave it empty.',
    };
  return undefined;
}

const zonesKnown = new Map<string, boolean>();
/** A file has few different zones, and a hostile one must not fill the memory. */
const ZONES_KNOWN_MAX = 2_000;

export function isTimeZone(id: string): boolean {
  const known = zonesKnown.get(id);
  if (known !== undefined) return known;
  let good = true;
  try {
    parseTimeZone(id);
  } catch {
    // Refused with advice in our own words.
    good = false;
  }
  if (zonesKnown.size < ZONES_KNOWN_MAX) zonesKnown.set(id, good);
  return good;
}

/** In its canonical form, such as "en-US" for "en-us"; undefined for what is no BCP 47 tag. */
export function languageTag(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    // A RangeError is how it says no.
    return undefined;
  }
}
