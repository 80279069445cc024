import { queryOptions } from '@tanstack/react-query';
import { type Items, query, request } from './client.ts';
import type { Booked, Booking, Slot } from './appointment-types.ts';

/** The API's most in one answer. A week with more is shown by doctor. */
export const mostInOne = 500;

interface Span {
  readonly clinic: string;
  readonly from: Date;
  readonly to: Date;
  /** Empty: all of them. */
  readonly doctor: string;
}

const spanOf = ({ clinic, from, to, doctor }: Span) =>
  query({ clinic, doctor, from: from.toISOString(), to: to.toISOString(), limit: mostInOne });

export const appointments = {
  book: (booking: Booking, idempotencyKey: string) =>
    request<Booked>('POST', '/appointments', booking, { idempotencyKey }),
  move: (id: string, to: { readonly doctor: string; readonly start: string }, idempotencyKey: string) =>
    request<Booked>('POST', `/appointments/${id}/move`, to, { idempotencyKey }),
  cancel: (id: string) => request<Booked>('POST', `/appointments/${id}/cancel`),
  confirm: (id: string) => request<Booked>('POST', `/appointments/${id}/confirm`),
};

/** Keys begin with "appointments": a live message about one makes the calendar and its free times stale. */
export const appointmentQueries = {
  span: (span: Span) =>
    queryOptions({
      queryKey: ['appointments', span.clinic, 'calendar', spanOf(span)],
      queryFn: async () => (await request<Items<Booked>>('GET', `/appointments${spanOf(span)}`)).items,
    }),
  slots: (span: Span) =>
    queryOptions({
      queryKey: ['appointments', span.clinic, 'slots', spanOf(span)],
      queryFn: async () => (await request<Items<Slot>>('GET', `/slots${spanOf(span)}`)).items,
    }),
};
