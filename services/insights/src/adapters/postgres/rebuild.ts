import { contentOf } from '../../domain/fact-set.ts';
import type { Rebuilt } from '../../ports/figures.ts';
import {
  callTable,
  campaignTable,
  deleteFigures,
  recipientTable,
  storedCalls,
  storedCampaigns,
  storedRecipients,
  writeFigures,
} from './figure-rows.ts';
import type { InsightsTx } from './insights-database.ts';
import { projectCalls, projectCampaigns, projectRecipients } from './project.ts';

/** Runs a page in a transaction of its own, while no other writer of the tenant is at work. */
export type InPage = <T>(work: (tx: InsightsTx, tenantId: string) => Promise<T>) => Promise<T>;

const PAGE = 500;

/**
 * Makes all figures of a tenant anew from its facts, page by page: the figures of each call are thrown away and remade in one
 * transaction, so that nobody reads half of them, and events that arrive meanwhile wait for a page and not for the whole.
 */
export async function rebuildTenant(inPage: InPage): Promise<Rebuilt> {
  const differed = new Set<string>();
  const calls = await everyPage(inPage, callTable, async (tx, tenantId, ids) => {
    const before = await storedCalls(tx, ids);
    const after = await projectCalls(tx, ids);
    await deleteFigures(tx, callTable, ids);
    await writeFigures(tx, tenantId, callTable, after);
    for (const id of differences(before, after, (call) => call.callId)) differed.add(`call ${id}`);
    return after.length;
  });
  await everyPage(inPage, recipientTable, async (tx, tenantId, ids) => {
    const before = await storedRecipients(tx, ids);
    const after = await projectRecipients(tx, ids);
    await deleteFigures(tx, recipientTable, ids);
    await writeFigures(tx, tenantId, recipientTable, after);
    const campaignOf = new Map([...before, ...after].map((one) => [one.recipientId, one.campaignId]));
    for (const id of differences(before, after, (recipient) => recipient.recipientId)) {
      differed.add(`campaign ${campaignOf.get(id) ?? ''}`);
    }
    return after.length;
  });
  const campaigns = await everyPage(inPage, campaignTable, async (tx, tenantId, ids) => {
    const before = await storedCampaigns(tx, ids);
    const known = await withFacts(tx, ids);
    const after = await projectCampaigns(tx, known);
    await deleteFigures(tx, campaignTable, ids);
    await writeFigures(tx, tenantId, campaignTable, after);
    for (const id of differences(before, after, (c) => c.campaignId)) differed.add(`campaign ${id}`);
    return after.length;
  });
  const facts = await inPage(async (tx) => tx.fact.count());
  return { facts, calls, campaigns, differed: differed.size };
}

/** Goes through every id that facts name or that has figures, in order. */
async function everyPage(
  inPage: InPage,
  table: { name: string; key: string },
  remake: (tx: InsightsTx, tenantId: string, ids: readonly string[]) => Promise<number>,
): Promise<number> {
  let made = 0;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    const page = await inPage(async (tx, tenantId) => {
      const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
        `SELECT id FROM (
           (SELECT DISTINCT ${table.key} AS id FROM insights.facts
             WHERE ${table.key} > $1 AND ${table.key} <> '' ORDER BY 1 LIMIT ${PAGE})
           UNION
           (SELECT ${table.key} FROM insights.${table.name} WHERE ${table.key} > $1 ORDER BY 1 LIMIT ${PAGE})
         ) AS ids ORDER BY id LIMIT ${PAGE}`,
        from,
      );
      const ids = rows.map((row) => row.id);
      return { made: ids.length > 0 ? await remake(tx, tenantId, ids) : 0, last: ids.at(-1) };
    });
    made += page.made;
    after = page.last;
  }
  return made;
}

/** Those of the campaigns that any fact names, of whatever kind. */
async function withFacts(tx: InsightsTx, campaignIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT k AS id FROM unnest($1::text[]) AS k
      WHERE EXISTS (SELECT FROM insights.facts WHERE campaign_id = k AND campaign_id <> '')`,
    [...campaignIds],
  );
  return rows.map((row) => row.id);
}

/** Ids whose figures were not what they are now. */
function differences<F extends object>(
  before: readonly F[],
  after: readonly F[],
  idOf: (figures: F) => string,
): string[] {
  const byId = (all: readonly F[]) => new Map(all.map((one) => [idOf(one), contentOf(one)]));
  const [old, now] = [byId(before), byId(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((id) => old.get(id) !== now.get(id));
}
