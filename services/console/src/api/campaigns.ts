import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { orNothing } from './calls.ts';
import { type Items, query, request, type Slice } from './client.ts';
import { upload } from './upload.ts';

export interface CampaignSettings {
  readonly clinic: string;
  readonly name: string;
  /** The script's id. */
  readonly flow: string;
  /** 1 Monday to 7 Sunday. */
  readonly isoWeekdays: readonly number[];
  /** "09:00", by the clock of the person who is called; the end may be "24:00". */
  readonly fromLocalTime: string;
  readonly toLocalTime: string;
  /** "2026-12-01" by the clinic's calendar; empty: today, and without end. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly callsAtOnceMax: number;
  readonly attemptsMax: number;
  readonly attemptsPerDayMax: number;
  /** ISO 3166, for numbers written without a country. */
  readonly defaultRegion: string;
  readonly ringSeconds: number;
}

export type CampaignState = 'draft' | 'running' | 'paused' | 'completed' | 'cancelled';

export interface Progress {
  readonly recipients: number;
  readonly waiting: number;
  readonly queued: number;
  readonly live: number;
  readonly settled: number;
  readonly calls: number;
  readonly results: readonly { readonly result: string; readonly count: number }[];
}

export interface Campaign {
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly state: CampaignState;
  readonly flowVersion: number;
  readonly progress: Progress;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly revision: number;
  /** Why nobody is called right now, as a word. */
  readonly holdingBack: string | null;
}

export interface Import {
  readonly id: string;
  readonly fileName: string;
  readonly state: string;
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly repeated: number;
  readonly at: string | null;
}

export interface CampaignWithImports extends Campaign {
  readonly imports: readonly Import[];
}

export const columnRoles = ['name', 'phone', 'externalId', 'timeZone', 'appointment', 'language'] as const;
/** Which column of a file holds what, by its header; empty: none. */
export type Mapping = Readonly<Record<(typeof columnRoles)[number], string>>;

export interface Inspection {
  readonly columns: readonly string[];
  readonly suggested: Mapping;
  readonly encoding: string;
  readonly delimiter: string;
  readonly sample: readonly (readonly string[])[];
}

export interface RefusedRow {
  readonly line: number;
  readonly code: string;
  readonly problem: string;
  readonly row: string;
}

export interface DryRun {
  readonly callable: number;
  readonly notCallable: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly firstCallAt: string | null;
  readonly lastCallAt: string | null;
  readonly sample: readonly {
    readonly recipient: string;
    readonly name: string;
    readonly number: string;
    readonly timeZone: string;
    /** Null: never. */
    readonly callAt: string | null;
    readonly reason: string | null;
  }[];
}

export interface Recipient {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly timeZone: string;
  readonly appointment: string | null;
  readonly state: string;
  readonly result: string | null;
  readonly attempts: number;
  readonly nextCallAt: string | null;
  /** Newest first. */
  readonly calls: readonly {
    readonly id: string;
    readonly call: string;
    readonly dialledAt: string | null;
    readonly result: string | null;
  }[];
  readonly patient: string | null;
  readonly externalId: string | null;
}

export interface CampaignInsight {
  readonly recipients: number;
  readonly called: number;
  readonly answered: number;
  readonly decided: number;
  readonly calls: number;
  readonly callsAnswered: number;
  readonly talkSeconds: number;
  readonly scoreMean: number | null;
}

export interface Dialling {
  readonly stopped: boolean;
  readonly changedByName: string | null;
  readonly note: string;
  readonly changedAt: string | null;
}

/** A script that outbound calls follow. */
export interface Flow {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly readyMade: boolean;
  readonly languages: readonly string[];
  /** What a campaign must know of each patient, such as "appointment.when". */
  readonly needs: readonly string[];
  readonly leavesVoicemail: boolean;
}

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
