export { Temporal } from 'temporal-polyfill';
export { clinicDay, fromLocal, isOnClock, parseTimeZone, toClinic, type TimeZoneId } from './zone.ts';
export { spokenDate, spokenTime } from './spoken.ts';
