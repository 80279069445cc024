import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { campaigns } from '@wardline/contracts';
import { campaignStates } from '../adapters/contract-words.ts';
import type { CampaignSettings } from '../domain/campaign.ts';
import type { ColumnMapping } from '../domain/columns.ts';
import type { CampaignView, ImportRecord } from '../ports/campaign-store.ts';

/** Optional times: absent rather than 1970. */
export const timeField = <K extends string>(name: K, ms: number | undefined) =>
  (ms === undefined ? {} : { [name]: timestampFromMs(ms) }) as Partial<
    Record<K, ReturnType<typeof timestampFromMs>>
  >;

export function campaignMessage(c: CampaignView) {
  const { isoWeekdays, ...settings } = c.settings;
  return {
    campaignId: c.campaignId,
    settings: { ...settings, isoWeekdays: [...isoWeekdays] },
    state: campaignStates[c.state],
    flowVersion: c.flowVersion,
    progress: {
      ...c.progress,
      results: c.progress.results.map(({ result, count }) => ({ result, count })),
    },
    revision: c.revision,
    holdingBack: c.holdingBack,
    createdAt: timestampFromMs(c.createdAtMs),
    ...timeField('startedAt', c.startedAtMs),
    ...timeField('endedAt', c.endedAtMs),
  };
}

export function settingsOf(m: campaigns.CampaignSettings | undefined): CampaignSettings {
  return {
    clinicId: m?.clinicId.toLowerCase() ?? '',
    name: m?.name.trim() ?? '',
    flowId: m?.flowId ?? '',
    isoWeekdays: [...(m?.isoWeekdays ?? [])].sort(),
    fromLocalTime: m?.fromLocalTime ?? '',
    toLocalTime: m?.toLocalTime ?? '',
    firstDay: m?.firstDay ?? '',
    lastDay: m?.lastDay ?? '',
    callsAtOnceMax: m?.callsAtOnceMax ?? 0,
    attemptsMax: m?.attemptsMax ?? 0,
    attemptsPerDayMax: m?.attemptsPerDayMax ?? 0,
    defaultRegion: m?.defaultRegion ?? '',
    ringSeconds: m?.ringSeconds ?? 0,
  };
}

export function importMessage(record: ImportRecord) {
  const { atMs, ...rest } = record;
  return { ...rest, at: timestampFromMs(atMs) };
}

/** Empty texts: no such column. */
export function mappingOf(m: campaigns.ColumnMapping | undefined): ColumnMapping {
  const {
    name = '',
    phone = '',
    externalId = '',
    timeZone = '',
    appointmentId = '',
    language = '',
  } = m ?? {};
  const named = { name, phone, externalId, timeZone, appointmentId, language };
  return Object.fromEntries(Object.entries(named).filter(([, header]) => header.trim() !== ''));
}
