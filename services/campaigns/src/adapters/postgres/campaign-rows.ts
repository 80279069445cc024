import { Prisma } from '../../../generated/prisma/client.ts';
import { callLimits, type Campaign, type CampaignState } from '../../domain/campaign.ts';
import type { CallLimits } from '../../domain/recipient.ts';
import type { Tx } from './campaigns-database.ts';

export interface CampaignRow {
  id: string;
  tenant_id: string;
  clinic_id: string;
  name: string;
  flow_id: string;
  iso_weekdays: number[];
  from_local_time: string;
  to_local_time: string;
  first_day: string;
  last_day: string;
  calls_at_once_max: number;
  attempts_max: number;
  attempts_per_day_max: number;
  default_region: string;
  ring_seconds: number;
  state: CampaignState;
  flow_version: number;
  leaves_voicemail: boolean;
  revision: number;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  /** Of the clinic; null when the directory has not told us of it. */
  time_zone: string | null;
}

const locks = {
  none: Prisma.empty,
  share: Prisma.sql`FOR SHARE OF c`,
  update: Prisma.sql`FOR NO KEY UPDATE OF c`,
};

/**
 * Reads a campaign with its clinic's zone. `share` keeps it from changing until the transaction ends, `update` keeps others
 * from that, too.
 */
export async function campaignRow(
  tx: Tx,
  campaignId: string,
  lock: keyof typeof locks = 'none',
): Promise<CampaignRow | undefined> {
  const [row] = await tx.$queryRaw<CampaignRow[]>`
    SELECT c.*, k.time_zone FROM campaigns.campaigns c
    LEFT JOIN campaigns.clinics k ON k.tenant_id = c.tenant_id AND k.clinic_id = c.clinic_id
    WHERE c.id = ${campaignId}::uuid ${locks[lock]}`;
  return row;
}

export function campaignOf(row: CampaignRow): Campaign {
  return {
    campaignId: row.id,
    settings: {
      clinicId: row.clinic_id,
      name: row.name,
      flowId: row.flow_id,
      isoWeekdays: row.iso_weekdays,
      fromLocalTime: row.from_local_time,
      toLocalTime: row.to_local_time,
      firstDay: row.first_day,
      lastDay: row.last_day,
      callsAtOnceMax: row.calls_at_once_max,
      attemptsMax: row.attempts_max,
      attemptsPerDayMax: row.attempts_per_day_max,
      defaultRegion: row.default_region,
      ringSeconds: row.ring_seconds,
    },
    state: row.state,
    flowVersion: row.flow_version,
    leavesVoicemail: row.leaves_voicemail,
    revision: row.revision,
    createdAtMs: row.created_at.getTime(),
    startedAtMs: row.started_at?.getTime(),
    endedAtMs: row.ended_at?.getTime(),
  };
}

/** A clinic that the directory no longer tells of keeps universal time until it does. */
export function limitsOf(row: CampaignRow): CallLimits {
  return callLimits(campaignOf(row).settings, row.time_zone ?? 'UTC');
}

/** The hospital's switch, kept from changing until the transaction ends. */
export async function diallingStopped(tx: Tx): Promise<boolean> {
  const rows = await tx.$queryRaw<{ stopped: boolean }[]>`
    SELECT stopped FROM campaigns.dialling FOR SHARE`;
  // Without the row, nothing could be locked; it is made with the first campaign.
  return rows[0]?.stopped ?? true;
}

/** Has the campaign looked at with the next tick. */
export async function wake(tx: Tx, campaignIds: readonly string[], nowMs: number): Promise<void> {
  if (campaignIds.length === 0) return;
  await tx.$executeRaw`
    UPDATE campaigns.turns SET next_at = ${new Date(nowMs)}
    WHERE campaign_id = ANY (${[...new Set(campaignIds)]}::uuid[]) AND next_at > ${new Date(nowMs)}`;
}
