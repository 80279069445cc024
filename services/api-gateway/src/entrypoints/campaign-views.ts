import { events, type campaigns, type insights } from '@wardline/contracts';
import { z } from 'zod';
import { id, instantOrNull } from './kernel/fields.ts';
import { iso, word, wordOrNull, words } from './views.ts';

const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 09:30');
const day = z.union([z.iso.date(), z.literal('')]);

/** What staff decide about a campaign; campaigns itself says what does not fit together. */
export const settingsSchema = z
  .strictObject({
    clinic: id,
    name: z.string().trim().min(1).max(120),
    flow: z.string().min(1).max(100).describe('The script, such as "appointment-reminder".'),
    isoWeekdays: z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 Monday to 7 Sunday.'),
    fromLocalTime: localTime.describe('By the clock of the person who is called.'),
    toLocalTime: localTime,
    firstDay: day.describe('By the clinic’s calendar; empty: today.'),
    lastDay: day.describe('Empty: without end.'),
    callsAtOnceMax: z.int().min(1).max(100),
    attemptsMax: z.int().min(1).max(5),
    attemptsPerDayMax: z.int().min(1).max(5),
    defaultRegion: z.string().regex(/^[A-Z]{2}$/, 'a region such as US'),
    ringSeconds: z.int().min(10).max(60),
  })
  .meta({ id: 'CampaignSettings' });

export const settingsMessage = ({ clinic, flow, ...same }: z.output<typeof settingsSchema>) => ({
  ...same,
  clinicId: clinic,
  flowId: flow,
});

/** As they are kept, which may be by older limits: nothing of it is refused on the way out. */
const keptSettingsSchema = z
  .strictObject({
    clinic: z.string(),
    name: z.string(),
    flow: z.string(),
    isoWeekdays: z.array(z.int()),
    fromLocalTime: z.string(),
    toLocalTime: z.string(),
    firstDay: z.string().describe('Empty: from the start on.'),
    lastDay: z.string().describe('Empty: without end.'),
    callsAtOnceMax: z.int(),
    attemptsMax: z.int(),
    attemptsPerDayMax: z.int(),
    defaultRegion: z.string(),
    ringSeconds: z.int(),
  })
  .meta({ id: 'KeptCampaignSettings' });

const settingsView = (s: campaigns.CampaignSettings | undefined): z.input<typeof keptSettingsSchema> => ({
  clinic: s?.clinicId ?? '',
  name: s?.name ?? '',
  flow: s?.flowId ?? '',
  isoWeekdays: s?.isoWeekdays ?? [],
  fromLocalTime: s?.fromLocalTime ?? '',
  toLocalTime: s?.toLocalTime ?? '',
  firstDay: s?.firstDay ?? '',
  lastDay: s?.lastDay ?? '',
  callsAtOnceMax: s?.callsAtOnceMax ?? 0,
  attemptsMax: s?.attemptsMax ?? 0,
  attemptsPerDayMax: s?.attemptsPerDayMax ?? 0,
  defaultRegion: s?.defaultRegion ?? '',
  ringSeconds: s?.ringSeconds ?? 0,
});

const count = z.int().min(0);
const progressSchema = z
  .strictObject({
    recipients: count,
    waiting: count.describe('For their first or next call.'),
    queued: count,
    live: count,
    settled: count,
    calls: count,
    results: z.array(z.strictObject({ result: z.string(), count })),
  })
  .meta({ id: 'CampaignProgress' });

export const campaignSchema = z
  .strictObject({
    id,
    settings: keptSettingsSchema,
    state: words(events.CampaignState),
    flowVersion: z.int(),
    progress: progressSchema,
    createdAt: instantOrNull,
    startedAt: instantOrNull,
    endedAt: instantOrNull,
    revision: z.int(),
    holdingBack: z.string().nullable().describe('Why nobody is called right now, as a word.'),
  })
  .meta({ id: 'Campaign' });

export const campaignView = (c: campaigns.Campaign): z.input<typeof campaignSchema> => ({
  id: c.campaignId,
  settings: settingsView(c.settings),
  state: word(events.CampaignState, c.state),
  flowVersion: c.flowVersion,
  progress: {
    recipients: c.progress?.recipients ?? 0,
    waiting: c.progress?.waiting ?? 0,
    queued: c.progress?.queued ?? 0,
    live: c.progress?.live ?? 0,
    settled: c.progress?.settled ?? 0,
    calls: c.progress?.calls ?? 0,
    results: (c.progress?.results ?? []).map(({ result, count: n }) => ({ result, count: n })),
  },
  createdAt: iso(c.createdAt),
  startedAt: iso(c.startedAt),
  endedAt: iso(c.endedAt),
  revision: c.revision,
  holdingBack: c.holdingBack || null,
});

export const importSchema = z
  .strictObject({
    id,
    fileName: z.string(),
    state: z.string(),
    rows: count,
    accepted: count,
    refused: count,
    repeated: count.describe('Rows of a patient and number that the campaign has already.'),
    at: instantOrNull,
  })
  .meta({ id: 'Import' });

export const importView = (i: campaigns.Import): z.input<typeof importSchema> => ({
  id: i.importId,
  fileName: i.fileName,
  state: i.state,
  rows: i.rows,
  accepted: i.accepted,
  refused: i.refused,
  repeated: i.repeatedRows,
  at: iso(i.at),
});

export const campaignDetailSchema = z
  .strictObject({ ...campaignSchema.shape, imports: z.array(importSchema).describe('Newest first.') })
  .meta({ id: 'CampaignWithImports' });

export const inspectionSchema = z
  .strictObject({
    columns: z.array(z.string()),
    suggested: z.strictObject({
      name: z.string(),
      phone: z.string(),
      externalId: z.string(),
      timeZone: z.string(),
      appointment: z.string(),
      language: z.string(),
    }),
    encoding: z.string(),
    delimiter: z.string(),
    sample: z.array(z.array(z.string())),
  })
  .meta({ id: 'FileInspection' });

export const inspectionView = (i: campaigns.InspectFileResponse): z.input<typeof inspectionSchema> => ({
  columns: i.columns,
  suggested: {
    name: i.suggested?.name ?? '',
    phone: i.suggested?.phone ?? '',
    externalId: i.suggested?.externalId ?? '',
    timeZone: i.suggested?.timeZone ?? '',
    appointment: i.suggested?.appointmentId ?? '',
    language: i.suggested?.language ?? '',
  },
  encoding: i.encoding,
  delimiter: i.delimiter,
  sample: i.sample.map(({ cells }) => cells),
});

export const refusedRowSchema = z
  .strictObject({ line: z.int(), code: z.string(), problem: z.string(), row: z.string() })
  .meta({ id: 'RefusedRow' });

export const dryRunSchema = z
  .strictObject({
    callable: count,
    notCallable: count,
    reasons: z.array(z.strictObject({ reason: z.string(), count })),
    firstCallAt: instantOrNull,
    lastCallAt: instantOrNull,
    sample: z.array(
      z.strictObject({
        recipient: z.string(),
        name: z.string(),
        number: z.string(),
        timeZone: z.string(),
        callAt: instantOrNull.describe('Null: never.'),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'DryRun' });

export const dryRunView = (d: campaigns.DryRunResponse): z.input<typeof dryRunSchema> => ({
  callable: d.callable,
  notCallable: d.notCallable,
  reasons: d.reasons.map(({ reason, count: n }) => ({ reason, count: n })),
  firstCallAt: iso(d.firstCallAt),
  lastCallAt: iso(d.lastCallAt),
  sample: d.sample.map((p) => ({
    recipient: p.recipientId,
    name: p.name,
    number: p.number,
    timeZone: p.timeZone,
    callAt: iso(p.callAt),
    reason: p.reason || null,
  })),
});

export const recipientSchema = z
  .strictObject({
    id,
    name: z.string(),
    number: z.string(),
    timeZone: z.string(),
    appointment: z.string().nullable(),
    state: z.string(),
    result: words(events.RecipientResult).nullable(),
    attempts: count,
    nextCallAt: instantOrNull,
    calls: z
      .array(
        z.strictObject({
          id,
          call: z.string(),
          dialledAt: instantOrNull,
          result: z.string().nullable(),
        }),
      )
      .describe('Newest first.'),
    patient: z.string().nullable(),
    externalId: z.string().nullable(),
  })
  .meta({ id: 'Recipient' });

export const recipientView = (r: campaigns.Recipient): z.input<typeof recipientSchema> => ({
  id: r.recipientId,
  name: r.name,
  number: r.number,
  timeZone: r.timeZone,
  appointment: r.appointmentId || null,
  state: r.state,
  result: wordOrNull(events.RecipientResult, r.result),
  attempts: r.attempts,
  nextCallAt: iso(r.nextCallAt),
  calls: r.calls.map((c) => ({
    id: c.attemptId,
    call: c.callId,
    dialledAt: iso(c.dialledAt),
    result: c.result || null,
  })),
  patient: r.patientId || null,
  externalId: r.externalId || null,
});

export const campaignInsightSchema = z
  .strictObject({
    campaign: id,
    recipients: count,
    called: count.describe('Patients who were called at least once.'),
    answered: count.describe('Patients of whom somebody picked up; a machine is nobody.'),
    decided: count.describe(
      'Patients who said what they want: decided, went on to a person, are to be called back, or want no more calls.',
    ),
    calls: count,
    callsAnswered: count,
    results: z.array(z.strictObject({ name: z.string(), count })),
    talkSeconds: count,
    scoreMean: z.int().nullable(),
  })
  .meta({ id: 'CampaignInsight' });

export const campaignInsightView = (i: insights.CampaignInsight): z.input<typeof campaignInsightSchema> => ({
  campaign: i.campaignId,
  recipients: i.recipients,
  called: i.called,
  answered: i.answered,
  decided: i.decided,
  calls: i.calls,
  callsAnswered: i.callsAnswered,
  results: i.results.map(({ name, count: n }) => ({ name, count: n })),
  talkSeconds: i.talkSeconds,
  scoreMean: i.scoreMean < 0 ? null : i.scoreMean,
});

export const diallingSchema = z
  .strictObject({
    stopped: z.boolean(),
    changedByName: z.string().nullable(),
    note: z.string(),
    changedAt: instantOrNull,
  })
  .meta({ id: 'Dialling' });

export const diallingView = (d: campaigns.Dialling | undefined): z.input<typeof diallingSchema> => ({
  stopped: d?.stopped ?? false,
  changedByName: d?.changedByName || null,
  note: d?.note ?? '',
  changedAt: iso(d?.changedAt),
});

export const doNotCallSchema = z
  .strictObject({
    id,
    number: z.string(),
    note: z.string(),
    addedByName: z.string(),
    addedAt: instantOrNull,
  })
  .meta({ id: 'DoNotCallEntry' });

export const doNotCallView = (e: campaigns.DoNotCallEntry): z.input<typeof doNotCallSchema> => ({
  id: e.entryId,
  number: e.number,
  note: e.note,
  addedByName: e.addedByName,
  addedAt: iso(e.addedAt),
});
