import { Prisma } from '../../../generated/prisma/client.ts';
import { stateAfter, type CampaignSettings } from '../../domain/campaign.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { nextOpen, withinLaw } from '../../domain/window.ts';
import type { CampaignStore, CampaignView, ChangeOutcome, ImportRecord } from '../../ports/campaign-store.ts';
import { viewsOf } from './campaign-progress.ts';
import { campaignRow, limitsOf, type CampaignRow } from './campaign-rows.ts';
import { locking, type CampaignsDatabase, type Tx } from './campaigns-database.ts';
import { announce } from './take-turn.ts';

/** Counting a large campaign on a busy machine takes its time. */
const counting = { ...locking, deadlineMs: 15_000 };

export function createPostgresCampaignStore(o: {
  database: CampaignsDatabase;
  policy: DiallingPolicy;
}): CampaignStore {
  const { database, policy } = o;
  const viewOf = async (tx: Tx, campaignId: string, nowMs: number): Promise<CampaignView | undefined> => {
    const row = await campaignRow(tx, campaignId);
    return row && (await viewsOf(tx, [row], { nowMs, policy }))[0];
  };

  return {
    create: (tenantId, { campaignId, settings, idempotencyKey, nowMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const [known] = await tx.$queryRaw<{ id: string }[]>`
            SELECT id FROM campaigns.campaigns WHERE idempotency_key = ${idempotencyKey}`;
          if (known) return (await viewOf(tx, known.id, nowMs))!;
          if (!(await clinicKnown(tx, settings.clinicId))) return 'clinic-unknown';
          await tx.$executeRaw`
            INSERT INTO campaigns.dialling (tenant_id, stopped, user_id, display_name, note)
            VALUES (${tenantId}::uuid, false, '', '', '') ON CONFLICT DO NOTHING`;
          await tx.$executeRaw`
            INSERT INTO campaigns.campaigns (id, tenant_id, ${settingsColumns}, state, idempotency_key, created_at)
            VALUES (${campaignId}::uuid, ${tenantId}::uuid, ${settingsValues(settings)}, 'draft', ${idempotencyKey},
              ${new Date(nowMs)})
            ON CONFLICT (tenant_id, idempotency_key) DO NOTHING`;
          // Asked for twice at the same time, the other one may have been first.
          const [made] = await tx.$queryRaw<{ id: string }[]>`
            SELECT id FROM campaigns.campaigns WHERE idempotency_key = ${idempotencyKey}`;
          const campaign = await campaignRow(tx, made!.id);
          if (made!.id === campaignId) await announce(tx, campaign!, 'draft', nowMs);
          return (await viewOf(tx, made!.id, nowMs))!;
        },
        { ...locking, idempotent: true },
      ),

    update: (tenantId, { campaignId, settings, revision, nowMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const row = await campaignRow(tx, campaignId, 'update');
          if (!row) return { kind: 'not-found' };
          if (row.revision !== revision) return { kind: 'revision-stale' };
          if (row.state !== 'draft' && row.state !== 'paused')
            return { kind: 'not-now', problem: `a ${row.state} campaign cannot be changed; pause it first` };
          if (row.state === 'paused' && row.flow_id !== settings.flowId)
            return { kind: 'not-now', problem: 'the script of a campaign that has begun stays as it is' };
          if (!(await clinicKnown(tx, settings.clinicId))) return { kind: 'clinic-unknown' };
          await tx.$executeRaw`
            UPDATE campaigns.campaigns SET (${settingsColumns}) = ROW (${settingsValues(settings)}),
              revision = revision + 1
            WHERE id = ${campaignId}::uuid`;
          await announce(tx, (await campaignRow(tx, campaignId))!, row.state, nowMs);
          // Another window: whoever waits for the old one is looked at again.
          await tx.$executeRaw`
            UPDATE campaigns.recipients SET next_call_at = ${new Date(nowMs)}
            WHERE campaign_id = ${campaignId}::uuid AND state = 'waiting' AND attempts = 0
              AND next_call_at > ${new Date(nowMs)}`;
          return { kind: 'changed', campaign: (await viewOf(tx, campaignId, nowMs))! };
        },
        { ...locking, deadlineMs: 30_000 },
      ),

    get: (tenantId, campaignId, nowMs) =>
      database.inTenant(tenantId, (tx) => viewOf(tx, campaignId, nowMs), counting),

    list: (tenantId, { clinicId, limit, after, nowMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const ofClinic = clinicId ? Prisma.sql`AND c.clinic_id = ${clinicId}::uuid` : Prisma.empty;
          const older = after
            ? Prisma.sql`AND (c.created_at, c.id) < (${new Date(after.atMs)}, ${after.id}::uuid)`
            : Prisma.empty;
          const rows = await tx.$queryRaw<CampaignRow[]>`
            SELECT c.*, k.time_zone FROM campaigns.campaigns c
            LEFT JOIN campaigns.clinics k ON k.tenant_id = c.tenant_id AND k.clinic_id = c.clinic_id
            WHERE c.tenant_id = ${tenantId}::uuid ${ofClinic} ${older}
            ORDER BY c.created_at DESC, c.id DESC LIMIT ${limit}::int`;
          return viewsOf(tx, rows, { nowMs, policy });
        },
        counting,
      ),

    async change(tenantId, { campaignId, change, flow, nowMs }) {
      const problem = await database.inTenant(
        tenantId,
        (tx) => makeChange(tx, { campaignId, change, flow, nowMs, policy }),
        { ...locking, idempotent: true, deadlineMs: 15_000 },
      );
      if (problem) return problem;
      // Counted afterwards: a pause is in force once its transaction has committed.
      const campaign = await database.inTenant(tenantId, (tx) => viewOf(tx, campaignId, nowMs), counting);
      return campaign ? { kind: 'changed', campaign } : { kind: 'not-found' };
    },

    imports: (tenantId, campaignId) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const rows = await tx.import.findMany({
            where: { campaignId },
            orderBy: [{ at: 'desc' }, { id: 'desc' }],
            take: 100,
          });
          return rows.map((row): ImportRecord => ({
            importId: row.id,
            fileName: row.fileName,
            // The column has a check with exactly these values.
            state: row.state as ImportRecord['state'],
            rows: row.rows,
            accepted: row.accepted,
            refused: row.refused,
            repeatedRows: row.repeatedRows,
            atMs: row.at.getTime(),
          }));
        },
        locking,
      ),
  };
}

const settingsColumns = Prisma.raw(
  `clinic_id, name, flow_id, iso_weekdays, from_local_time, to_local_time, first_day, last_day, calls_at_once_max,
   attempts_max, attempts_per_day_max, default_region, ring_seconds`,
);

const settingsValues = (s: CampaignSettings) => Prisma.sql`
  ${s.clinicId}::uuid, ${s.name}, ${s.flowId}, ${[...s.isoWeekdays]}::smallint[], ${s.fromLocalTime}, ${s.toLocalTime},
  ${s.firstDay}, ${s.lastDay}, ${s.callsAtOnceMax}::int, ${s.attemptsMax}::int, ${s.attemptsPerDayMax}::int,
  ${s.defaultRegion}, ${s.ringSeconds}::int`;

/** Undefined: it is made. */
async function makeChange(
  tx: Tx,
  o: Parameters<CampaignStore['change']>[1] & { policy: DiallingPolicy },
): Promise<Exclude<ChangeOutcome, { readonly kind: 'changed' }> | undefined> {
  const { campaignId, change, flow, nowMs } = o;
  const row = await campaignRow(tx, campaignId, 'update');
  if (!row) return { kind: 'not-found' };
  const state = stateAfter(row.state, change);
  if (state === undefined)
    return { kind: 'not-now', problem: `a ${row.state} campaign cannot be changed by "${change}"` };
  if (state === row.state) return undefined;
  if (change === 'start') {
    const problem = await whyNotStart(tx, row, o.policy, nowMs);
    if (problem || !flow) return { kind: 'not-now', problem: problem ?? 'the script is not known' };
  }
  const at = new Date(nowMs);
  await tx.$executeRaw`
    UPDATE campaigns.campaigns SET state = ${state}, revision = revision + 1,
      flow_version = ${flow?.version ?? row.flow_version}::int,
      leaves_voicemail = ${flow?.leavesVoicemail ?? row.leaves_voicemail},
      started_at = ${change === 'start' ? at : row.started_at}::timestamptz,
      ended_at = ${state === 'cancelled' ? at : null}::timestamptz
    WHERE id = ${campaignId}::uuid`;
  if (state !== 'running') await takeBackQueued(tx, campaignId, nowMs);
  await tx.$executeRaw`
    INSERT INTO campaigns.turns (campaign_id, tenant_id, next_at, served_at)
    VALUES (${campaignId}::uuid, ${row.tenant_id}::uuid, ${at}, ${at})
    ON CONFLICT (campaign_id) DO UPDATE SET next_at = excluded.next_at`;
  await announce(tx, row, state, nowMs);
  return undefined;
}

async function clinicKnown(tx: Tx, clinicId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT name FROM campaigns.clinics WHERE clinic_id = ${clinicId}::uuid`;
  return rows.length > 0;
}

/** What telephony has not dialled yet goes back at once; what it asks about in this moment is refused. */
async function takeBackQueued(tx: Tx, campaignId: string, nowMs: number): Promise<void> {
  const at = new Date(nowMs);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM campaigns.recipients WHERE campaign_id = ${campaignId}::uuid AND state = 'queued'
    ORDER BY id FOR UPDATE`;
  const ids = rows.map((row) => row.id);
  await tx.$executeRaw`
    UPDATE campaigns.attempts SET state = 'over', result = 'not-dialled', ended_at = ${at}
    WHERE recipient_id = ANY (${ids}::uuid[]) AND state = 'queued'`;
  await tx.$executeRaw`
    UPDATE campaigns.recipients SET state = 'waiting', next_call_at = ${at}
    WHERE id = ANY (${ids}::uuid[]) AND state = 'queued'`;
}

async function whyNotStart(
  tx: Tx,
  row: CampaignRow,
  policy: DiallingPolicy,
  nowMs: number,
): Promise<string | undefined> {
  const { window } = limitsOf(row);
  const anyOpens = async (among: number): Promise<boolean | undefined> => {
    const groups = await tx.$queryRaw<{ zones: string[]; country: string }[]>`
      SELECT DISTINCT zones, country FROM (
        SELECT zones, country FROM campaigns.recipients WHERE campaign_id = ${row.id}::uuid LIMIT ${among}::int
      ) r`;
    if (groups.length === 0) return undefined;
    return groups.some(
      ({ zones, country }) =>
        nextOpen(withinLaw(window, policy.countries[country]), zones, nowMs) !== undefined,
    );
  };
  // The first few nearly always tell.
  let opens = await anyOpens(1_000);
  if (opens === false) opens = await anyOpens(1_000_000);
  if (opens === undefined) return 'there is nobody to call: import recipients first';
  return opens
    ? undefined
    : 'the calling window does not open any more for any recipient: change days or times';
}
