import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, type Items, query, request, type Slice } from './client.ts';
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
  /** The entry of one number, E.164, when it is on the list. What is no number of anybody's is not on it either. */
  doNotCallOf: (number: string) =>
    queryOptions({
      queryKey: ['do-not-call', 'of', number],
      queryFn: async () => {
        try {
          return (await request<Items<DoNotCallEntry>>('GET', `/do-not-call${query({ number })}`)).items;
        } catch (error) {
          if (error instanceof ApiError && error.status === 422) return [];
          throw error;
        }
      },
    }),
  staff: queryOptions({
    queryKey: ['staff'],
    queryFn: async () => (await request<Items<StaffUser>>('GET', '/staff')).items,
  }),
};
