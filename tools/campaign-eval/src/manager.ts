import { randomUUID } from 'node:crypto';
import type { Api } from './api.ts';
import { mapping } from './cast.ts';

/** A campaign's settings as the REST API takes them. */
export interface CampaignSettings {
  readonly clinic: string;
  readonly name: string;
  readonly flow: string;
  readonly isoWeekdays: readonly number[];
  readonly fromLocalTime: string;
  readonly toLocalTime: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly callsAtOnceMax: number;
  readonly attemptsMax: number;
  readonly attemptsPerDayMax: number;
  readonly defaultRegion: string;
  readonly ringSeconds: number;
}

export interface Progress {
  readonly recipients: number;
  readonly waiting: number;
  readonly queued: number;
  readonly live: number;
  readonly settled: number;
  readonly calls: number;
  readonly results: readonly { readonly result: string; readonly count: number }[];
}

export interface CampaignView {
  readonly id: string;
  readonly state: string;
  readonly holdingBack: string | null;
  readonly progress: Progress;
}

/** What was told of a file and of the plan before anybody was called. */
export interface Prepared {
  readonly campaign: string;
  readonly accepted: number;
  readonly refused: number;
  /** How many of them were shown one by one, each with what is wrong. */
  readonly refusedRows: number;
  readonly callable: number;
  readonly notCallable: number;
}

/** Whoever makes the campaign and runs it: by REST, or in the console. */
export interface Manager {
  /** @throws Error when it could not be made */
  prepare(
    settings: CampaignSettings,
    file: { readonly name: string; readonly text: string },
  ): Promise<Prepared>;
  start(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The switch of the whole hospital. */
  stopDialling(): Promise<void>;
  allowDialling(): Promise<void>;
  cancel(): Promise<void>;
  /** Looks how it goes, while it goes; `told` is what the API says at that moment. */
  look(told: CampaignView): Promise<void>;
  /** Nobody is called any more: looks at what came of it, and takes the file of results. */
  results(told: CampaignView): Promise<string>;
}

export function createApiManager(api: Api): Manager {
  let id = '';
  const change = async (what: string) => void (await api.post(`/campaigns/${id}/${what}`));
  return {
    async prepare(settings, file) {
      const made = await api.post<CampaignView>('/campaigns', settings, { 'idempotency-key': randomUUID() });
      id = made.id;
      const query = new URLSearchParams({ ...mapping, fileName: file.name });
      const upload = await api.upload<{ id: string; accepted: number; refused: number }>(
        `/campaigns/${id}/recipients?${query}`,
        file.text,
      );
      const rows = await api.all<{ line: number }>(`/imports/${upload.id}/refused-rows?limit=200`);
      const plan = await api.get<{ callable: number; notCallable: number }>(`/campaigns/${id}/dry-run`);
      return {
        campaign: id,
        accepted: upload.accepted,
        refused: upload.refused,
        refusedRows: rows.length,
        callable: plan.callable,
        notCallable: plan.notCallable,
      };
    },
    start: () => change('start'),
    pause: () => change('pause'),
    resume: () => change('resume'),
    stopDialling: async () => void (await api.put('/dialling', { stopped: true, note: 'rehearsal' })),
    allowDialling: async () => void (await api.put('/dialling', { stopped: false, note: '' })),
    cancel: () => change('cancel'),
    look: async () => undefined,
    results: () => api.text(`/campaigns/${id}/results.csv`),
  };
}
