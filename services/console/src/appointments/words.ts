import type { Booked } from '../api/appointment-types.ts';
import { timeIn } from '../api/clinic-day.ts';

export const channelInWords = (channel: string) =>
  channel === 'phone'
    ? 'Booked by phone, with the assistant'
    : channel === 'staff'
      ? 'Booked by staff'
      : channel;

/** "09:00 to 09:30". */
export const timesOf = (timeZone: string, item: { readonly start: string; readonly end: string }) =>
  `${timeIn(timeZone, item.start)} to ${timeIn(timeZone, item.end)}`;

export const isConfirmed = (appointment: Booked) => appointment.confirmedAt !== null;
