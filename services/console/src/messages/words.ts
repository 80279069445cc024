import type { Tone } from '../parts/tone.ts';

const states: Record<string, readonly [string, Tone]> = {
  queued: ['Sending', 'accent'],
  sent: ['Sent', 'good'],
  failed: ['Failed', 'bad'],
};
export const statuses = Object.keys(states);
export const statusInWords = (status: string) => states[status]?.[0] ?? status;
export const statusTone = (status: string): Tone => states[status]?.[1] ?? 'plain';

const purposes: Record<string, string> = {
  'appointment-confirmation': 'Confirmation of an appointment',
  booked: 'Booked',
  moved: 'Moved',
  cancellation: 'Cancelled',
  cancelled: 'Cancelled',
  'call-back': 'Call back',
};
export const purposeInWords = (purpose: string) => {
  const known = purposes[purpose];
  if (known) return known;
  const words = purpose.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
