import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { type Items, query, request } from './client.ts';
import type { CallBack, Escalation, Presence } from './types.ts';

export const escalations = {
  /** @param number E.164; without it the number on record is called */
  accept: (id: string, number?: string) =>
    request<Escalation>('POST', `/escalations/${id}/accept`, number ? { number } : {}),
  decline: (id: string) => request<void>('POST', `/escalations/${id}/decline`),
  setPresent: (present: boolean) => request<void>('PUT', '/presence', { present }),
  callBackDone: (id: string) => request<CallBack>('POST', `/call-backs/${id}/done`),
};

const list = async (values: Parameters<typeof query>[0]) =>
  (await request<Items<Escalation>>('GET', `/escalations${query(values)}`)).items;

export const escalationQueries = {
  /** Of every clinic of the hospital: whoever is there is there for all of them. */
  open: queryOptions({
    queryKey: ['escalations', 'open'],
    queryFn: () => list({ open: true, limit: 50 }),
    // A live message tells of each change. This is for a message that got lost: nobody may wait unseen.
    refetchInterval: 10_000,
    staleTime: 0,
  }),
  ofCall: (call: string) =>
    queryOptions({ queryKey: ['escalations', 'call', call], queryFn: () => list({ call, limit: 20 }) }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['escalations', 'one', id],
      queryFn: () => request<Escalation>('GET', `/escalations/${id}`),
      staleTime: 0,
    }),
  presence: queryOptions({
    queryKey: ['presence'],
    queryFn: async () => (await request<Items<Presence>>('GET', '/presence')).items,
    refetchInterval: 30_000,
  }),
  callBacks: (clinic: string) =>
    queryOptions({
      queryKey: ['call-backs', clinic],
      // Nothing tells that a colleague has called back.
      refetchInterval: 30_000,
      queryFn: async () =>
        (await request<Items<CallBack>>('GET', `/call-backs${query({ clinic, limit: 100 })}`)).items,
    }),
};

/**
 * Shows how an escalation is now wherever it is shown, at once. What was asked for before and is not answered yet would show
 * it as it was: it is given up.
 */
export async function showEscalation(client: QueryClient, now: Escalation): Promise<void> {
  await client.cancelQueries({ queryKey: ['escalations'] });
  client.setQueryData(escalationQueries.one(now.id).queryKey, now);
  client.setQueryData(escalationQueries.open.queryKey, (items) =>
    items?.map((item) => (item.id === now.id ? now : item)),
  );
}
