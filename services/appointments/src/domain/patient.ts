import { Personal } from '@wardline/personal-data';

export interface Patient {
  readonly name: Personal;
  /** E.164. */
  readonly phone: Personal;
}

/** E.164 (ITU-T E.164 §6): a plus, a country code without leading zero, at most 15 digits in all. */
const e164 = /^\+[1-9]\d{6,14}$/;

/** Takes what a caller or a clerk gave; the name is kept as said, without surrounding or doubled blanks. */
export function parsePatient(
  name: string,
  phone: string,
): { ok: true; patient: Patient } | { ok: false; problems: string[] } {
  const tidyName = name.trim().replaceAll(/\s+/g, ' ');
  const problems: string[] = [];
  const length = [...tidyName].length;
  if (length < 1 || length > 120) problems.push('patient.name must have 1 to 120 characters');
  if (!e164.test(phone)) problems.push('patient.phone must be an E.164 number such as +12025550143');
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, patient: { name: Personal.of(tidyName), phone: Personal.of(phone) } };
}
