import { nanpZones } from './nanp-zones.ts';

/** Whose clock a recipient lives by, and how that is known. */
export interface RecipientZone {
  /** Shown. */
  readonly timeZone: string;
  /** The window must be open in all of them. */
  readonly zones: readonly string[];
  readonly source: 'file' | 'number' | 'clinic';
}

/**
 * Zones of countries (IANA `zone1970.tab`). Of a country that has several, the westernmost and easternmost that people live
 * in: what is open in both is open in those between. Territories with a country code of their own have their own line.
 */
const countryZones: Readonly<Record<string, readonly string[]>> = {
  AE: ['Asia/Dubai'],
  AR: ['America/Argentina/Buenos_Aires'],
  AT: ['Europe/Vienna'],
  AU: ['Australia/Sydney', 'Australia/Brisbane', 'Australia/Perth'],
  BD: ['Asia/Dhaka'],
  BE: ['Europe/Brussels'],
  BG: ['Europe/Sofia'],
  BR: ['America/Noronha', 'America/Sao_Paulo', 'America/Rio_Branco'],
  CH: ['Europe/Zurich'],
  CL: ['America/Santiago', 'Pacific/Easter'],
  CN: ['Asia/Shanghai'],
  CO: ['America/Bogota'],
  CY: ['Asia/Nicosia'],
  CZ: ['Europe/Prague'],
  DE: ['Europe/Berlin'],
  DK: ['Europe/Copenhagen'],
  EE: ['Europe/Tallinn'],
  EG: ['Africa/Cairo'],
  ES: ['Europe/Madrid', 'Atlantic/Canary'],
  FI: ['Europe/Helsinki'],
  FR: ['Europe/Paris'],
  GB: ['Europe/London'],
  GG: ['Europe/Guernsey'],
  GH: ['Africa/Accra'],
  GR: ['Europe/Athens'],
  HK: ['Asia/Hong_Kong'],
  HR: ['Europe/Zagreb'],
  HU: ['Europe/Budapest'],
  ID: ['Asia/Jakarta', 'Asia/Jayapura'],
  IE: ['Europe/Dublin'],
  IL: ['Asia/Jerusalem'],
  IM: ['Europe/Isle_of_Man'],
  IN: ['Asia/Kolkata'],
  IT: ['Europe/Rome'],
  JE: ['Europe/Jersey'],
  JP: ['Asia/Tokyo'],
  KE: ['Africa/Nairobi'],
  KR: ['Asia/Seoul'],
  LK: ['Asia/Colombo'],
  LT: ['Europe/Vilnius'],
  LU: ['Europe/Luxembourg'],
  LV: ['Europe/Riga'],
  MT: ['Europe/Malta'],
  MX: ['America/Cancun', 'America/Mexico_City', 'America/Tijuana'],
  MY: ['Asia/Kuala_Lumpur'],
  NG: ['Africa/Lagos'],
  NL: ['Europe/Amsterdam'],
  NO: ['Europe/Oslo'],
  NP: ['Asia/Kathmandu'],
  NZ: ['Pacific/Auckland', 'Pacific/Chatham'],
  PE: ['America/Lima'],
  PH: ['Asia/Manila'],
  PK: ['Asia/Karachi'],
  PL: ['Europe/Warsaw'],
  PT: ['Europe/Lisbon', 'Atlantic/Azores'],
  QA: ['Asia/Qatar'],
  RO: ['Europe/Bucharest'],
  RS: ['Europe/Belgrade'],
  SA: ['Asia/Riyadh'],
  SE: ['Europe/Stockholm'],
  SG: ['Asia/Singapore'],
  SI: ['Europe/Ljubljana'],
  SK: ['Europe/Bratislava'],
  TH: ['Asia/Bangkok'],
  TR: ['Europe/Istanbul'],
  TW: ['Asia/Taipei'],
  UA: ['Europe/Kyiv'],
  VN: ['Asia/Ho_Chi_Minh'],
  ZA: ['Africa/Johannesburg'],
};

/** North American numbers that belong to no area (800, a new area code): anywhere in the fifty states. */
const anywhereInAmerica = ['America/New_York', 'Pacific/Honolulu'];

/**
 * By the file where it says so; else by the number, where that has one zone; else the clinic's, and the window must then be
 * open in every zone that the number may be in as well. A mobile number may have moved with its owner: the area code is what
 * the law presumes, and the file's column is for knowing better.
 *
 * @param country ISO 3166 of the number, undefined when it has none (satellite, toll-free international)
 * @param e164 such as "+12025550143"
 */
export function zoneOfRecipient(o: {
  inFile: string | undefined;
  e164: string;
  country: string | undefined;
  clinicZone: string;
}): RecipientZone {
  if (o.inFile !== undefined) return { timeZone: o.inFile, zones: [o.inFile], source: 'file' };
  const possible = o.e164.startsWith('+1')
    ? (nanpZones.get(o.e164.slice(2, 5)) ?? anywhereInAmerica)
    : (countryZones[o.country ?? ''] ?? []);
  const [only] = possible;
  if (possible.length === 1 && only !== undefined) return { timeZone: only, zones: [only], source: 'number' };
  // The zone that is shown is the first: the clinic's where the number allows it, since patients mostly live near.
  const shown = possible.length === 0 || possible.includes(o.clinicZone) ? o.clinicZone : possible[0]!;
  return {
    timeZone: shown,
    zones: [...new Set([shown, o.clinicZone, ...possible])],
    source: 'clinic',
  };
}
