import type { DiallingPolicy } from '../../domain/policy.ts';
import type { RecipientResult } from '../../domain/results.ts';
import type { CampaignView, Progress } from '../../ports/campaign-store.ts';
import { campaignOf, type CampaignRow } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';

type Counted = Progress & { nextCallAtMs: number | undefined };

/** Counts by state from an index that holds nothing else, in one statement, so that they add up. */
async function progressOf(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, Counted>> {
  const rows = await tx.$queryRaw<
    {
      campaign_id: string;
      state: string;
      result: RecipientResult | null;
      count: number;
      next: Date | null;
      calls: number;
    }[]
  >`
    SELECT c.id AS campaign_id, r.state, r.result, r.count, 
      (SELECT min(next_call_at) FROM campaigns.recipients w WHERE w.campaign_id = c.id AND w.state = 'waiting') AS next,
      (SELECT count(*)::int FROM campaigns.attempts a WHERE a.campaign_id = c.id AND a.dialled_at IS NOT NULL) AS calls
    FROM unnest(${[...campaignIds]}::uuid[]) AS c (id)
    JOIN LATERAL (SELECT state, result, count(*)::int AS count FROM campaigns.recipients
                  WHERE campaign_id = c.id GROUP BY state, result) r ON true`;
  const byCampaign = Map.groupBy(rows, (row) => row.campaign_id);
  return new Map(
    campaignIds.map((id) => {
      const own = byCampaign.get(id) ?? [];
      const of = (state?: string) =>
        own.filter((row) => !state || row.state === state).reduce((sum, row) => sum + row.count, 0);
      return [
        id,
        {
          recipients: of(),
          waiting: of('waiting'),
          queued: of('queued'),
          live: of('live'),
          settled: of('settled'),
          results: own
            .flatMap((row) => (row.result === null ? [] : [{ result: row.result, count: row.count }]))
            .sort((a, b) => a.result.localeCompare(b.result)),
          calls: own[0]?.calls ?? 0,
          nextCallAtMs: own[0]?.next?.getTime(),
        },
      ];
    }),
  );
}

export async function viewsOf(
  tx: Tx,
  rows: readonly CampaignRow[],
  o: { nowMs: number; policy: DiallingPolicy },
): Promise<CampaignView[]> {
  if (rows.length === 0) return [];
  const progress = await progressOf(
    tx,
    rows.map((row) => row.id),
  );
  const [dialling] = await tx.$queryRaw<{ stopped: boolean }[]>`SELECT stopped FROM campaigns.dialling`;
  return rows.map((row) => {
    const { nextCallAtMs, ...counts } = progress.get(row.id)!;
    return {
      ...campaignOf(row),
      progress: counts,
      holdingBack: holdingBack(row, counts, {
        stopped: dialling?.stopped ?? false,
        waitsUntilMs: nextCallAtMs,
        nowMs: o.nowMs,
      }),
    };
  });
}

function holdingBack(
  row: CampaignRow,
  progress: Progress,
  o: { stopped: boolean; waitsUntilMs: number | undefined; nowMs: number },
): string {
  if (row.state === 'draft') return 'not-started';
  if (row.state === 'paused') return 'paused';
  if (row.state !== 'running') return 'over';
  if (o.stopped) return 'dialling-stopped';
  if (progress.live + progress.queued > 0 || progress.waiting === 0) return '';
  if (o.waitsUntilMs === undefined || o.waitsUntilMs <= o.nowMs) return '';
  return 'outside-window';
}
