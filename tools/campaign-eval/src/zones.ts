/**
 * Where patients live. Area codes whose whole area lies in one zone; the numbers are +1 NXX 555 01xx, which are kept for
 * fiction in every area, a hundred in each. Our own list: a mistake in the platform's must not hide in it.
 */
const areas: Readonly<Record<string, string>> = {
  'America/New_York': '202 203 212 215 216 267 301 302 304 315 330 336 401 404 410 412 413',
  'America/Chicago': '205 214 217 225 228 262 281 309 312 314 316 402 405 414 479',
  'America/Denver': '303 307 406 505 720 801',
  'America/Phoenix': '480 602 623',
  'America/Los_Angeles': '206 209 213 310 323 408 415 503 510 530',
  'Pacific/Honolulu': '808',
  'Pacific/Guam': '671',
};

export const zoneByArea: ReadonlyMap<string, string> = new Map(
  Object.entries(areas).flatMap(([zone, codes]) => codes.split(' ').map((code) => [code, zone] as const)),
);

/** Zones for the column of the file, so that at every hour some are inside a window and some are not. */
export const fileZones: readonly string[] = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'Pacific/Honolulu',
  'Pacific/Auckland',
  'Australia/Sydney',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Asia/Dubai',
  'Europe/Athens',
  'Europe/London',
  'Atlantic/Azores',
  'America/Sao_Paulo',
];

/** Minutes of the day there. */
export function localMinute(zone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return of('hour') * 60 + of('minute');
}

const opens = 8 * 60;
const closes = 21 * 60;
/** The calling hours of the run. */
export const window = { from: '08:00', to: '21:00' } as const;

/** Inside, and stays so for `minutes`; or outside, and stays so. Undefined: it changes meanwhile. */
export function insideFor(zone: string, at: Date, minutes: number): boolean | undefined {
  const now = localMinute(zone, at);
  const later = now + minutes;
  if (now >= opens && later < closes) return true;
  const shut = (minute: number) => minute % 1440 < opens || minute % 1440 >= closes;
  return shut(now) && shut(later) && !(now < opens && later >= opens) ? false : undefined;
}
