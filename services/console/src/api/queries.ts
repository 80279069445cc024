import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { dayOf } from './clinic-day.ts';

/** What the console asks for. Keys begin with what changed, so that a live message makes just those stale. */
export const queries = {
  session: queryOptions({ queryKey: ['session'], queryFn: api.session, retry: false, staleTime: Infinity }),
  clinics: queryOptions({ queryKey: ['clinics'], queryFn: api.clinics, staleTime: 300_000 }),
  calls: (clinic: string) => queryOptions({ queryKey: ['calls', clinic], queryFn: () => api.calls(clinic) }),
  transcript: (call: string) =>
    queryOptions({ queryKey: ['transcript', call], queryFn: () => api.call(call) }),
  callBacks: (clinic: string) =>
    queryOptions({ queryKey: ['call-backs', clinic], queryFn: () => api.callBacks(clinic) }),
  appointments: (clinic: string, timeZone: string, day: string) =>
    queryOptions({
      queryKey: ['appointments', clinic, day],
      queryFn: () => {
        const { from, to } = dayOf(day, timeZone);
        return api.appointments(clinic, from, to);
      },
    }),
  upcoming: (clinic: string, timeZone: string, day: string) =>
    queryOptions({
      queryKey: ['appointments', clinic, 'after', day],
      queryFn: () => {
        const { to } = dayOf(day, timeZone);
        return api.appointments(clinic, to, new Date(to.getTime() + 21 * 86_400_000));
      },
    }),
  messages: (clinic: string) =>
    queryOptions({ queryKey: ['messages', clinic], queryFn: () => api.messages(clinic) }),
  // Nothing tells of a failure, so it is looked for: often enough to be seen before somebody asks.
  deadLetters: queryOptions({
    queryKey: ['dead-letters'],
    queryFn: api.deadLetters,
    refetchInterval: 10_000,
    staleTime: 0,
  }),
  parked: queryOptions({ queryKey: ['parked'], queryFn: api.parked, refetchInterval: 5_000, staleTime: 0 }),
};
