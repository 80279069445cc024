import { uuidv7 } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import type { Personal } from '@wardline/personal-data';
import pg from 'pg';
import { indexPurposes, sealContexts } from '../../domain/seal-contexts.ts';
import type { NewRecipient, OpenImport, OpenOutcome, RecipientImport } from '../../ports/recipient-import.ts';
import { locking, type CampaignsDatabase } from './campaigns-database.ts';

/** Imports that run at the same time. */
const AT_ONCE_MAX = 2;
/** Longer than any upload may pause; then the database ends the transaction, and nothing of it is left. */
const IDLE_MS = 120_000;
const STATEMENT_MS = 60_000;

type Cipher = Pick<FieldCipher, 'seal' | 'open' | 'blindIndex'>;

/** Imports have connections of their own: one holds its connection for as long as its file takes to arrive. */
export function createPostgresRecipientImport(o: {
  connectionString: string;
  database: CampaignsDatabase;
  cipher: Cipher;
  logger: Logger;
}): RecipientImport & { close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: o.connectionString,
    max: AT_ONCE_MAX,
    connectionTimeoutMillis: 10_000,
    options: '-c TimeZone=UTC',
  });
  pool.on('error', (err) => o.logger.warn('an idle import connection was lost', { err }));
  let running = 0;

  return {
    async open(tenantId, campaignId, importId) {
      if (running >= AT_ONCE_MAX) return { kind: 'busy' };
      running += 1;
      const client = await pool.connect().catch((error: unknown) => {
        running -= 1;
        throw error;
      });
      // The pool listens only to idle connections, and an error that nobody hears ends the process. Whatever is asked of the
      // lost connection next fails, which is how the import learns of it.
      const onLost = (err: Error): void => o.logger.warn('an import lost its connection', { importId, err });
      client.on('error', onLost);
      let ended: Promise<void> | undefined;
      const end = (statement: 'commit' | 'rollback'): Promise<void> =>
        (ended ??= (async () => {
          let failure: unknown;
          try {
            await client.query(statement);
          } catch (error) {
            failure = error;
          }
          client.off('error', onLost);
          client.release(failure !== undefined);
          running -= 1;
          // A connection that is gone has rolled back by itself.
          if (failure !== undefined && statement === 'commit') throw failure;
        })());
      try {
        await client.query('begin');
        await client.query(
          `select set_config('wardline.tenant_id', $1, true), set_config('statement_timeout', $2, true),
             set_config('idle_in_transaction_session_timeout', $3, true)`,
          [tenantId, String(STATEMENT_MS), String(IDLE_MS)],
        );
        const outcome = await begin(client, campaignId);
        if (outcome.kind !== 'open') {
          await end('rollback');
          return outcome;
        }
        const place = { tenantId, campaignId, importId };
        return {
          kind: 'open',
          import: openImport(client, o.cipher, { ...place, end, campaign: outcome.campaign }),
        };
      } catch (error) {
        await end('rollback');
        throw error;
      }
    },

    refusedRows: (tenantId, importId, { afterLine, limit }) =>
      o.database.inTenant(
        tenantId,
        async (tx) => {
          if (!(await tx.import.findUnique({ where: { id: importId } }))) return undefined;
          const rows = await tx.refusedRow.findMany({
            where: { importId, line: { gt: afterLine } },
            orderBy: { line: 'asc' },
            take: limit,
          });
          return rows.map(({ line, code, problem, rowSealed }) => ({
            ...{ line, code, problem },
            row: o.cipher.open(tenantId, rowSealed, sealContexts.refusedRow),
          }));
        },
        locking,
      ),

    close: () => pool.end(),
  };
}

async function begin(
  client: pg.PoolClient,
  campaignId: string,
): Promise<
  { kind: 'open'; campaign: OpenImport['campaign'] } | Exclude<OpenOutcome, { readonly kind: 'open' }>
> {
  const { rows } = await client.query<{ state: string; region: string; zone: string | null; mine: boolean }>(
    `select c.state, c.default_region as region, k.time_zone as zone,
       pg_try_advisory_xact_lock(hashtextextended($1 || ' import', 0)) as mine
     from campaigns.campaigns c
     left join campaigns.clinics k on k.tenant_id = c.tenant_id and k.clinic_id = c.clinic_id
     where c.id = $1::uuid`,
    [campaignId],
  );
  const [campaign] = rows;
  if (!campaign) return { kind: 'not-found' };
  if (campaign.state !== 'draft') return { kind: 'not-draft' };
  if (campaign.zone === null) return { kind: 'clinic-unknown' };
  if (!campaign.mine) return { kind: 'busy' };
  return { kind: 'open', campaign: { defaultRegion: campaign.region, clinicZone: campaign.zone } };
}

function openImport(
  client: pg.PoolClient,
  cipher: Cipher,
  o: {
    tenantId: string;
    campaignId: string;
    importId: string;
    campaign: OpenImport['campaign'];
    end: (statement: 'commit' | 'rollback') => Promise<void>;
  },
): OpenImport {
  const { tenantId, campaignId, importId } = o;
  const seal = (value: Personal, context: string) => cipher.seal(tenantId, value, context);
  return {
    campaign: o.campaign,

    async add(recipients) {
      if (recipients.length === 0) return 0;
      const columns = recipients.map((recipient) => [
        uuidv7(),
        personKeyOf(cipher, tenantId, recipient),
        cipher.blindIndex(tenantId, recipient.number.reveal(), indexPurposes.number),
        seal(recipient.name, sealContexts.recipientName),
        seal(recipient.number, sealContexts.recipientNumber),
        recipient.externalId ? seal(recipient.externalId, sealContexts.recipientExternalId) : null,
        recipient.country,
        recipient.timeZone,
        recipient.zones.join(' '),
        recipient.language,
        recipient.appointmentId ?? null,
      ]);
      const { rowCount } = await client.query({
        name: 'import-recipients',
        // Due since ever: the first turn after the start finds out when each may be called.
        text: `insert into campaigns.recipients
            (id, tenant_id, campaign_id, person_key, number_key, name_sealed, number_sealed, external_id_sealed, country,
             time_zone, zones, language, appointment_id, register_at, state, next_call_at)
          select id, $1::uuid, $2::uuid, person_key, number_key, name, number, external_id, country, zone,
            string_to_array(zones, ' '), language, appointment, now(), 'waiting', timestamptz 'epoch'
          from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::uuid[])
            as r (id, person_key, number_key, name, number, external_id, country, zone, zones, language, appointment)
          on conflict do nothing`,
        values: [tenantId, campaignId, ...transposed(columns)],
      });
      return rowCount ?? 0;
    },

    async refuse(rows) {
      if (rows.length === 0) return;
      await client.query(
        `insert into campaigns.refused_rows (tenant_id, import_id, line, code, problem, row_sealed)
         select $1::uuid, $2::uuid, line, code, problem, row_sealed
         from unnest($3::int[], $4::text[], $5::text[], $6::text[]) as r (line, code, problem, row_sealed)
         on conflict do nothing`,
        [
          tenantId,
          importId,
          rows.map((row) => row.line),
          rows.map((row) => row.code),
          rows.map((row) => row.problem),
          rows.map((row) => seal(row.row, sealContexts.refusedRow)),
        ],
      );
    },

    async goOn() {
      await client.query('select 1');
    },

    async commit(summary) {
      const { rows } = await client.query<{ state: string }>(
        'select state from campaigns.campaigns where id = $1::uuid for update',
        [campaignId],
      );
      if (rows[0]?.state !== 'draft') {
        await o.end('rollback');
        return false;
      }
      await client.query(
        `insert into campaigns.imports
           (id, tenant_id, campaign_id, file_name, state, rows, accepted, refused, repeated_rows, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          importId,
          tenantId,
          campaignId,
          summary.fileName,
          summary.accepted + summary.repeatedRows > 0 ? 'done' : 'refused',
          summary.rows,
          summary.accepted,
          summary.refused,
          summary.repeatedRows,
          new Date(summary.nowMs),
        ],
      );
      await o.end('commit');
      return true;
    },

    abandon: () => o.end('rollback'),
  };
}

/** The hospital's name for somebody, else number and name: the same person in every campaign. */
function personKeyOf(cipher: Cipher, tenantId: string, recipient: NewRecipient): string {
  const person = recipient.externalId
    ? `id ${recipient.externalId.reveal()}`
    : `number ${recipient.number.reveal()} ${recipient.name.reveal().toLowerCase().replaceAll(/\s+/g, ' ')}`;
  return cipher.blindIndex(tenantId, person, indexPurposes.person);
}

function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));
}
