import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { orNothing } from './calls.ts';
import { type Items, query, request, type Slice } from './client.ts';
import type {
  Campaign,
  CampaignInsight,
  CampaignSettings,
  CampaignWithImports,
  Dialling,
  DryRun,
  Flow,
  Import,
  Inspection,
  Mapping,
  Recipient,
  RefusedRow,
} from './campaign-types.ts';
import { upload } from './upload.ts';

/** The file's beginning is enough to see what its columns are. */
const beginningBytes = 256 * 1024;
export const fileBytesMax = 200 * 1_048_576;
const csv = 'text/csv';

export const campaigns = {
  create: (settings: CampaignSettings, idempotencyKey: string) =>
    request<Campaign>('POST', '/campaigns', settings, { idempotencyKey }),
  update: (id: string, settings: CampaignSettings, revision: number) =>
    request<Campaign>('PUT', `/campaigns/${id}`, { ...settings, revision }),
  change: (id: string, change: 'start' | 'pause' | 'resume' | 'cancel') =>
    request<Campaign>('POST', `/campaigns/${id}/${change}`),
  inspect: (file: File) =>
    request<Inspection>('POST', '/campaigns/inspect-file', file.slice(0, beginningBytes), {
      contentType: csv,
    }),
  upload: (
    id: string,
    file: File,
    mapping: Mapping,
    o: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
  ) =>
    upload<Import>(
      `/campaigns/${id}/recipients${query({ ...mapping, fileName: file.name.slice(-200) })}`,
      file,
      { contentType: csv, ...o },
    ),
  setDialling: (stopped: boolean, note: string) => request<Dialling>('PUT', '/dialling', { stopped, note }),
};

const refusedRows = (id: string, limit: number, cursor: string, signal?: AbortSignal) =>
  request<Slice<RefusedRow>>(
    'GET',
    `/imports/${id}/refused-rows${query({ limit, cursor })}`,
    undefined,
    signal ? { signal } : {},
  );

/** Every refused row of an import, for a file to be mended and uploaded again. */
export async function allRefusedRows(id: string): Promise<readonly RefusedRow[]> {
  const rows: RefusedRow[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const slice: Slice<RefusedRow> = await refusedRows(id, 500, cursor);
    rows.push(...slice.items);
    cursor = slice.next;
  }
  return rows;
}

/** A running campaign moves by itself; live messages are for what others do to it. */
const everyMs = (state: string | undefined) => (state === 'running' ? 2_000 : 30_000);

export const campaignQueries = {
  list: (clinic: string) =>
    infiniteQueryOptions({
      queryKey: ['campaigns', clinic, 'list'],
      initialPageParam: '',
      queryFn: ({ pageParam, signal }) =>
        request<Slice<Campaign>>(
          'GET',
          `/campaigns${query({ clinic, limit: 50, cursor: pageParam })}`,
          undefined,
          { signal },
        ),
      getNextPageParam: ({ next }) => next || undefined,
      refetchInterval: ({ state }) =>
        everyMs(
          state.data?.pages.some(({ items }) => items.some((c) => c.state === 'running')) ? 'running' : '',
        ),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: ['campaigns', 'one', id],
      queryFn: () => request<CampaignWithImports>('GET', `/campaigns/${id}`),
      refetchInterval: ({ state }) => everyMs(state.data?.state),
      staleTime: 0,
    }),
  /** null: nothing is counted yet. */
  insight: (id: string, running: boolean) =>
    queryOptions({
      queryKey: ['campaigns', 'insight', id],
      queryFn: () => orNothing(request<CampaignInsight>('GET', `/campaigns/${id}/insight`)),
      refetchInterval: running ? 2_000 : false,
    }),
  recipients: (id: string, filter: { readonly state: string; readonly result: string }) =>
    infiniteQueryOptions({
      queryKey: ['campaign-recipients', id, filter],
      initialPageParam: '',
      queryFn: ({ pageParam, signal }) =>
        request<Slice<Recipient>>(
          'GET',
          `/campaigns/${id}/recipients${query({ ...filter, limit: 50, cursor: pageParam })}`,
          undefined,
          { signal },
        ),
      getNextPageParam: ({ next }) => next || undefined,
    }),
  dryRun: (id: string) =>
    queryOptions({
      queryKey: ['dry-run', id],
      queryFn: () => request<DryRun>('GET', `/campaigns/${id}/dry-run?limit=100`),
      staleTime: 0,
    }),
  refusedRows: (importId: string) =>
    infiniteQueryOptions({
      queryKey: ['refused-rows', importId],
      initialPageParam: '',
      queryFn: ({ pageParam, signal }) => refusedRows(importId, 25, pageParam, signal),
      getNextPageParam: ({ next }) => next || undefined,
    }),
  dialling: queryOptions({
    queryKey: ['dialling'],
    queryFn: () => request<Dialling>('GET', '/dialling'),
    refetchInterval: 10_000,
    staleTime: 0,
  }),
  flows: queryOptions({
    queryKey: ['flows'],
    queryFn: async () => (await request<Items<Flow>>('GET', '/flows')).items,
  }),
};
