import type { MessageInitShape } from '@bufbuild/protobuf';
import { campaigns, demo } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import type { RunningCampaigns } from './start-campaigns.ts';

/** A hospital in London, so that a window of British hours needs no arithmetic. */
export const hospital = demo.clinics[1];
export const otherHospital = demo.clinics[0];

export type SettingsInit = Omit<campaigns.CampaignSettings, '$typeName' | '$unknown'>;

export const settings = (o: Partial<SettingsInit> = {}): SettingsInit => ({
  clinicId: hospital.clinicId,
  name: 'Reminders',
  flowId: 'appointment-reminder',
  isoWeekdays: [1, 2, 3, 4, 5],
  fromLocalTime: '09:00',
  toLocalTime: '17:00',
  firstDay: '',
  lastDay: '',
  callsAtOnceMax: 10,
  attemptsMax: 3,
  attemptsPerDayMax: 3,
  defaultRegion: 'GB',
  ringSeconds: 25,
  ...o,
});

/** Numbers that nobody has (Ofcom's for drama), different for each index up to 999. */
export const numberOf = (index: number): string => `+447700900${String(index).padStart(3, '0')}`;

export interface Person {
  name: string;
  phone: string;
  externalId?: string;
  timeZone?: string;
  appointment?: string;
  language?: string;
}

export const csvOf = (people: readonly Person[]): string =>
  [
    'name,phone,patient id,time zone,appointment id,language',
    ...people.map((p) =>
      [p.name, p.phone, p.externalId, p.timeZone, p.appointment, p.language]
        .map((cell) => cell ?? '')
        .join(','),
    ),
  ].join('\n');

export async function* uploadOf(
  campaignId: string,
  file: string | Uint8Array,
  o: Partial<{
    bytes: number;
    fileName: string;
    mapping: MessageInitShape<typeof campaigns.ColumnMappingSchema>;
  }> = {},
): AsyncGenerator<MessageInitShape<typeof campaigns.ImportRecipientsRequestSchema>> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  yield {
    part: {
      case: 'header' as const,
      value: {
        campaignId,
        fileName: o.fileName ?? 'people.csv',
        bytes: o.bytes ?? bytes.length,
        mapping: o.mapping ?? {},
      },
    },
  };
  for (let at = 0; at < bytes.length; at += 64 * 1024)
    yield { part: { case: 'chunk' as const, value: bytes.subarray(at, at + 64 * 1024) } };
  yield { part: { case: 'end' as const, value: {} } };
}

/** Drives one hospital's campaigns as the console and the other services would. */
export function driver(app: RunningCampaigns, tenantId: string = hospital.tenantId) {
  const api = app.as(tenantId);
  const dialling = app.dialling(tenantId);
  const Change = campaigns.ChangeCampaignRequest_Change;
  const change = (kind: campaigns.ChangeCampaignRequest_Change) => async (campaignId: string) =>
    (await api.changeCampaign({ campaignId, change: kind })).campaign!;
  return {
    api,
    dialling,
    tenantId,
    async draft(o: Partial<SettingsInit> = {}): Promise<string> {
      const { campaign } = await api.createCampaign({ settings: settings(o), idempotencyKey: uuidv7() });
      return campaign!.campaignId;
    },
    async draftWith(people: readonly Person[], o: Partial<SettingsInit> = {}): Promise<string> {
      const campaignId = await this.draft(o);
      await api.importRecipients(uploadOf(campaignId, csvOf(people)));
      return campaignId;
    },
    async started(people: readonly Person[], o: Partial<SettingsInit> = {}): Promise<string> {
      const campaignId = await this.draftWith(people, o);
      await this.start(campaignId);
      return campaignId;
    },
    start: change(Change.START),
    pause: change(Change.PAUSE),
    resume: change(Change.RESUME),
    cancel: change(Change.CANCEL),
    campaign: async (campaignId: string) => (await api.getCampaign({ campaignId })).campaign!,
    progress: async (campaignId: string) => (await api.getCampaign({ campaignId })).campaign!.progress!,
    /** Attempts that telephony was handed since it was asked last, and has not dialled. */
    async queued(): Promise<{ attemptId: string; campaignId: string; key: string }[]> {
      const published = await app.relay();
      return published
        .filter((event) => event.topic === 'campaigns.queued' && event.tenantId === tenantId)
        .map((event) => ({
          attemptId: event.data['attemptId'] as string,
          campaignId: event.data['campaignId'] as string,
          key: event.key,
        }));
    },
    authorise: (attemptId: string) => dialling.authorizeDial({ attemptId }),
  };
}
