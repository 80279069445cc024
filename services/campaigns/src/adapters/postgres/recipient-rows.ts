import type { Attempt } from '../../domain/attempt.ts';
import type { RecipientFacts } from '../../domain/recipient.ts';
import type { AttemptResult, ProvenResult, RecipientResult } from '../../domain/results.ts';
import type { Tx } from './campaigns-database.ts';

export interface RecipientRow {
  id: string;
  tenant_id: string;
  campaign_id: string;
  person_key: string;
  number_key: string;
  name_sealed: string;
  number_sealed: string;
  external_id_sealed: string | null;
  country: string;
  time_zone: string;
  zones: string[];
  language: string;
  appointment_id: string | null;
  patient_id: string | null;
  state: 'waiting' | 'queued' | 'live' | 'settled';
  result: RecipientResult | null;
  reason: string;
  excluded: string | null;
  attempts: number;
  next_call_at: Date | null;
  settled_at: Date | null;
}

export interface AttemptRow {
  id: string;
  tenant_id: string;
  campaign_id: string;
  recipient_id: string;
  person_key: string;
  number_key: string;
  call_id: string;
  state: 'queued' | 'live' | 'over';
  result: AttemptResult | null;
  queued_at: Date;
  dial_by: Date;
  dialled_at: Date | null;
  ended_at: Date | null;
  proven: ProvenResult | null;
}

export function attemptOf(row: AttemptRow): Attempt {
  if (row.state === 'queued') return { state: 'queued', dialByMs: row.dial_by.getTime() };
  // The table's checks hold these columns against the state.
  if (row.state === 'live')
    return { state: 'live', dialledMs: row.dialled_at!.getTime(), ...(row.proven && { proven: row.proven }) };
  return {
    state: 'over',
    result: row.result!,
    endedMs: row.ended_at!.getTime(),
    ...(row.dialled_at ? { dialledMs: row.dialled_at.getTime() } : {}),
    ...(row.proven && { proven: row.proven }),
  };
}

export async function lockRecipient(tx: Tx, recipientId: string): Promise<RecipientRow | undefined> {
  const [row] = await tx.$queryRaw<RecipientRow[]>`
    SELECT * FROM campaigns.recipients WHERE id = ${recipientId}::uuid FOR UPDATE`;
  return row;
}

/** Oldest first. */
export async function attemptRows(tx: Tx, recipientIds: readonly string[]): Promise<AttemptRow[]> {
  return tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE recipient_id = ANY (${[...recipientIds]}::uuid[])
    ORDER BY queued_at, id`;
}

const EIGHT_DAYS_MS = 8 * 86_400_000;

/** When people were dialled lately, by all campaigns; what never rang is left out. */
async function dialledLately(
  tx: Tx,
  personKeys: readonly string[],
  nowMs: number,
): Promise<Map<string, number[]>> {
  const rows = await tx.$queryRaw<{ person_key: string; dialled_at: Date }[]>`
    SELECT person_key, dialled_at FROM campaigns.attempts
    WHERE person_key = ANY (${[...personKeys]}::text[]) AND dialled_at > ${new Date(nowMs - EIGHT_DAYS_MS)}
      AND (result IS NULL OR result NOT IN ('failed', 'lost', 'not-dialled'))`;
  const found = new Map<string, number[]>();
  for (const { person_key: key, dialled_at: at } of rows) {
    const known = found.get(key);
    if (known) known.push(at.getTime());
    else found.set(key, [at.getTime()]);
  }
  return found;
}

/** What is known of several recipients, in three statements. */
export async function factsOf(
  tx: Tx,
  rows: readonly RecipientRow[],
  nowMs: number,
): Promise<Map<string, RecipientFacts>> {
  const attempts = Map.groupBy(
    await attemptRows(
      tx,
      rows.map((row) => row.id),
    ),
    (attempt) => attempt.recipient_id,
  );
  const dialled = await dialledLately(
    tx,
    rows.map((row) => row.person_key),
    nowMs,
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        attempts: (attempts.get(row.id) ?? []).map(attemptOf),
        zones: row.zones,
        country: row.country,
        dialledMs: dialled.get(row.person_key) ?? [],
      },
    ]),
  );
}

/** Why somebody may not be called, whatever the campaign says. */
export type Block = 'do-not-call' | 'opted-out' | 'number-blocked';

/** Of several recipients, those who may not be called. */
export async function blocksOf(tx: Tx, rows: readonly RecipientRow[]): Promise<Map<string, Block>> {
  const found = await tx.$queryRaw<{ id: string; block: Block }[]>`
    SELECT r.id, CASE
        WHEN EXISTS (SELECT FROM campaigns.do_not_call d WHERE d.tenant_id = r.tenant_id AND d.number_key = r.number_key)
          THEN 'do-not-call'
        WHEN EXISTS (SELECT FROM campaigns.patients p WHERE p.tenant_id = r.tenant_id AND p.patient_id = r.patient_id
                     AND NOT p.outreach_allowed)
          THEN 'opted-out'
        WHEN EXISTS (SELECT FROM campaigns.blocked_numbers b
                     WHERE b.tenant_id = r.tenant_id AND b.number_key = r.number_key)
          THEN 'number-blocked'
      END AS block
    FROM campaigns.recipients r WHERE r.id = ANY (${rows.map((row) => row.id)}::uuid[])`;
  return new Map(found.filter(({ block }) => block !== null).map(({ id, block }) => [id, block]));
}

/** Who was called by this campaign and then is blocked has opted out of it; others were not to be called at all. */
export function resultOfBlock(block: Block, attempts: number): { result: RecipientResult; reason: string } {
  const result = block !== 'do-not-call' && attempts > 0 ? 'opted-out' : 'not-allowed';
  return { result, reason: block === 'do-not-call' ? block : 'opted-out' };
}
