export { Temporal } from 'temporal-polyfill';
export { clinicDay, fromLocal, isOnClock, parseTimeZone, toClinic, type TimeZoneId } from './zone.ts';
export { monthNames, spokenDate, spokenTime, weekdayNames } from './spoken.ts';
