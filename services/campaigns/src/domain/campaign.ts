import type { CallLimits } from './recipient.ts';
import { callingWindow } from './window.ts';

export type CampaignState = 'draft' | 'running' | 'paused' | 'completed' | 'cancelled';
export type CampaignChange = 'start' | 'pause' | 'resume' | 'cancel';

/** When and how a campaign calls; every field has been checked (`settings.ts`). */
export interface CampaignSettings {
  readonly clinicId: string;
  readonly name: string;
  readonly flowId: string;
  readonly isoWeekdays: readonly number[];
  readonly fromLocalTime: string;
  readonly toLocalTime: string;
  /** "YYYY-MM-DD" on the clinic's calendar, or empty. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly callsAtOnceMax: number;
  readonly attemptsMax: number;
  readonly attemptsPerDayMax: number;
  readonly defaultRegion: string;
  readonly ringSeconds: number;
}

export interface Campaign {
  readonly campaignId: string;
  readonly settings: CampaignSettings;
  readonly state: CampaignState;
  /** 0 before the start. */
  readonly flowVersion: number;
  readonly leavesVoicemail: boolean;
  readonly revision: number;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
}

const allowed: Readonly<Record<CampaignChange, { from: readonly CampaignState[]; to: CampaignState }>> = {
  start: { from: ['draft'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['draft', 'running', 'paused'], to: 'cancelled' },
};

/** The state after a change; the same state when it has been made already; undefined when it cannot be made. */
export function stateAfter(state: CampaignState, change: CampaignChange): CampaignState | undefined {
  const { from, to } = allowed[change];
  return state === to || from.includes(state) ? to : undefined;
}

export function callLimits(settings: CampaignSettings, clinicZone: string): CallLimits {
  return {
    window: callingWindow({
      isoWeekdays: settings.isoWeekdays,
      from: settings.fromLocalTime,
      to: settings.toLocalTime,
      firstDay: settings.firstDay,
      lastDay: settings.lastDay,
      clinicZone,
    }),
    attemptsMax: settings.attemptsMax,
    attemptsPerDayMax: settings.attemptsPerDayMax,
  };
}
