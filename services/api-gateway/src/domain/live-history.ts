import type { Permission } from './permissions.ts';

/** What moves on the console. Ids and transcript text of the viewer's own hospital; details are fetched over REST. */
export type LiveMessage = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** Which permission one needs to be told; what is not here is told to nobody. */
export const liveKinds: Readonly<Record<string, Permission>> = {
  call: 'calls:read',
  partial: 'transcripts:read',
  line: 'transcripts:read',
  'hand-off': 'escalations:work',
  appointment: 'appointments:read',
  message: 'messages:read',
  campaign: 'campaigns:read',
  webhook: 'integrations:manage',
};

export interface LiveEntry {
  /** `<epoch>-<n>`. */
  readonly id: string;
  readonly message: LiveMessage;
}

export interface LiveHistoryLimits {
  readonly entriesMax: number;
  /** Of the messages as text. */
  readonly charsMax: number;
}

export const usualLiveHistoryLimits: LiveHistoryLimits = { entriesMax: 1_000, charsMax: 512 * 1024 };

/**
 * The last messages of one hospital, for viewers who were away for a moment. Numbers begin anew with each epoch: a position of
 * another process, or of one that forgot, is never taken for one of ours.
 */
export function createLiveHistory(epoch: string, limits: LiveHistoryLimits = usualLiveHistoryLimits) {
  const entries: { readonly entry: LiveEntry; readonly chars: number }[] = [];
  let chars = 0;
  let last = 0;
  return {
    /** The position of now: nothing has come after it. */
    present: () => `${epoch}-${last}`,
    add(message: LiveMessage, size: number): LiveEntry {
      last += 1;
      const entry = { id: `${epoch}-${last}`, message };
      entries.push({ entry, chars: size });
      chars += size;
      while (entries.length > limits.entriesMax || chars > limits.charsMax)
        chars -= entries.shift()?.chars ?? 0;
      return entry;
    },
    /** What came after a position; undefined when that is not known (any more), and the present state has to be fetched. */
    after(position: string): readonly LiveEntry[] | undefined {
      const [, of, digits = ''] = /^([\w]{1,40})-(\d{1,15})$/.exec(position) ?? [];
      const n = Number(digits);
      if (of !== epoch || n > last || n < last - entries.length) return undefined;
      return entries.slice(entries.length - (last - n)).map(({ entry }) => entry);
    },
  };
}

export type LiveHistory = ReturnType<typeof createLiveHistory>;
