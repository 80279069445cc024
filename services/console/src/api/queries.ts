import { queryOptions } from '@tanstack/react-query';
import { type Items, query, request } from './client.ts';
import { dayOf } from './clinic-day.ts';
import type { DeadLetters, ParkedKey, Released, ReleaseHow } from './failure-types.ts';
import type { Appointment, Clinic, Me, Message } from './types.ts';

const appointments = async (clinic: string, from: Date, to: Date) =>
  (
    await request<Items<Appointment>>(
      'GET',
      `/appointments${query({ clinic, from: from.toISOString(), to: to.toISOString(), limit: 200 })}`,
    )
  ).items;

/** What the console asks for. Keys begin with what changed, so that a live message makes just those stale. */
export const queries = {
  me: queryOptions({
    queryKey: ['me'],
    queryFn: () => request<Me>('GET', '/me'),
    staleTime: Infinity,
  }),
  clinics: queryOptions({
    queryKey: ['clinics'],
    queryFn: async () => (await request<Items<Clinic>>('GET', '/clinics')).items,
    staleTime: 300_000,
  }),
  appointments: (clinic: string, timeZone: string, day: string) =>
    queryOptions({
      queryKey: ['appointments', clinic, day],
      queryFn: () => {
        const { from, to } = dayOf(day, timeZone);
        return appointments(clinic, from, to);
      },
    }),
  upcoming: (clinic: string, timeZone: string, day: string) =>
    queryOptions({
      queryKey: ['appointments', clinic, 'after', day],
      queryFn: () => {
        const { to } = dayOf(day, timeZone);
        return appointments(clinic, to, new Date(to.getTime() + 21 * 86_400_000));
      },
    }),
  messages: (clinic: string) =>
    queryOptions({
      queryKey: ['messages', clinic],
      queryFn: async () =>
        (await request<Items<Message>>('GET', `/messages${query({ clinic, limit: 30 })}`)).items,
    }),
  // Nothing tells of a failure, so it is looked for: often enough to be seen before somebody asks.
  deadLetters: queryOptions({
    queryKey: ['dead-letters'],
    queryFn: () => request<DeadLetters>('GET', '/operations/dead-letters?limit=500'),
    refetchInterval: 10_000,
    staleTime: 0,
  }),
  parked: queryOptions({
    queryKey: ['parked'],
    queryFn: async () => (await request<Items<ParkedKey>>('GET', '/operations/parked')).items,
    refetchInterval: 5_000,
    staleTime: 0,
  }),
};

export const releaseLetter = (id: string, how: ReleaseHow) =>
  request<Released>('POST', `/operations/dead-letters/${id}/${how}`);
