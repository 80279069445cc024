import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Items, query, request, type Slice } from './client.ts';
import type { ClinicFacts, DoNotCallEntry, StaffUser, StaffWish } from './settings-types.ts';

export const settings = {
  saveClinic: ({ id, numbers: _fixed, ...facts }: ClinicFacts) =>
    request<ClinicFacts>('PUT', `/clinics/${id}`, facts),
  addDoNotCall: (numbers: readonly string[], defaultRegion: string, note: string) =>
    request<{ readonly added: number; readonly known: number }>('POST', '/do-not-call', {
      ...{ numbers, defaultRegion, note },
    }),
  removeDoNotCall: (id: string) => request<void>('DELETE', `/do-not-call/${id}`),
  addStaff: (wish: StaffWish) => request<StaffUser>('POST', '/staff', wish),
  saveStaff: (id: string, wish: StaffWish) => request<StaffUser>('PUT', `/staff/${id}`, wish),
};

export const settingsQueries = {
  clinics: queryOptions({
    queryKey: ['clinics', 'facts'],
    queryFn: async () => (await request<Items<ClinicFacts>>('GET', '/clinics')).items,
  }),
  doNotCall: infiniteQueryOptions({
    queryKey: ['do-not-call'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      request<Slice<DoNotCallEntry>>('GET', `/do-not-call${query({ limit: 200, cursor: pageParam })}`),
    getNextPageParam: ({ next }) => next || undefined,
  }),
  staff: queryOptions({
    queryKey: ['staff'],
    queryFn: async () => (await request<Items<StaffUser>>('GET', '/staff')).items,
  }),
};
