import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, type Items, query, request, type Slice } from './client.ts';
import type { Appointment, Call, CallInsight, Message, TranscriptLine } from './types.ts';

/** What calls are looked for by; an empty string is "any". */
export interface CallFilter {
  readonly clinic: string;
  readonly direction?: string;
  readonly outcome?: string;
  /** E.164. */
  readonly number?: string;
  readonly campaign?: string;
  /** ISO 8601 instants: initiated not before, and before. */
  readonly from?: string;
  readonly to?: string;
}

/** null for what the API does not know (yet). */
export const orNothing = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
};

/** Keys begin with what changed, so that a live message makes just those stale. */
export const callQueries = {
  live: (clinic: string) =>
    queryOptions({
      queryKey: ['calls', clinic, 'live'],
      queryFn: async () =>
        (await request<Slice<Call>>('GET', `/calls${query({ clinic, live: true, limit: 50 })}`)).items,
    }),
  recent: (clinic: string) =>
    queryOptions({
      queryKey: ['calls', clinic, 'recent'],
      queryFn: async () => (await request<Slice<Call>>('GET', `/calls${query({ clinic, limit: 30 })}`)).items,
    }),
  list: (filter: CallFilter) =>
    infiniteQueryOptions({
      queryKey: ['calls', filter.clinic, 'list', filter],
      initialPageParam: '',
      queryFn: ({ pageParam, signal }) =>
        request<Slice<Call>>(
          'GET',
          `/calls${query({ ...filter, limit: 50, cursor: pageParam })}`,
          undefined,
          {
            signal,
          },
        ),
      getNextPageParam: ({ next }) => next || undefined,
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['calls', 'one', id],
      queryFn: () => request<Call>('GET', `/calls/${id}`),
    }),
  transcript: (id: string) =>
    queryOptions({
      queryKey: ['transcript', id],
      queryFn: async () => (await request<Items<TranscriptLine>>('GET', `/calls/${id}/transcript`)).items,
    }),
  /** null: nothing is known of it yet. */
  insight: (id: string) =>
    queryOptions({
      queryKey: ['insights', 'call', id],
      queryFn: () => orNothing(request<CallInsight>('GET', `/calls/${id}/insight`)),
    }),
  appointments: (call: Call) =>
    queryOptions({
      queryKey: ['appointments', call.clinic, 'call', call.id],
      queryFn: async () => {
        const path = `/appointments${query({ clinic: call.clinic, call: call.id, limit: 50 })}`;
        const { items } = await request<Items<Appointment>>('GET', path);
        return items.filter((appointment) => appointment.call === call.id);
      },
    }),
  messages: (clinic: string, appointment: string) =>
    queryOptions({
      queryKey: ['messages', clinic, 'appointment', appointment],
      queryFn: async () =>
        (await request<Items<Message>>('GET', `/messages${query({ clinic, appointment, limit: 50 })}`)).items,
    }),
};
