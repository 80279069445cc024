import { takeOnce } from '@wardline/event-bus';
import type { ClaimedDial, DialQueue } from '../../ports/dial-queue.ts';
import { turnTaking, type TelephonyDatabase } from './telephony-database.ts';

/** The consumer's name in the inbox. */
export const DIALS_CONSUMER = 'telephony-gateway.dials';

interface ClaimedRow {
  readonly tenant_id: string;
  readonly attempt_id: string;
  readonly campaign_id: string;
  readonly clinic_id: string;
  readonly dial_by: Date;
  readonly traceparent: string;
  readonly tries: number;
}

export function createPostgresDialQueue(database: TelephonyDatabase): DialQueue {
  const { client } = database;

  /** Only while the lease that `dial` was taken with is the newest. */
  const change = (
    { tenantId, attemptId, tries }: ClaimedDial,
    data: { nextTryAt: Date | null; state?: string; reason?: string | null },
  ) =>
    database.inTenant(
      tenantId,
      async (tx) => {
        await tx.dialRow.updateMany({ where: { attemptId, tries, state: 'waiting' }, data });
      },
      turnTaking,
    );

  return {
    add: (dial, { eventId, at }) =>
      database.inTenant(
        dial.tenantId,
        async (tx) => {
          if (!(await takeOnce(tx, 'telephony', DIALS_CONSUMER, eventId))) return false;
          const { count } = await tx.dialRow.createMany({
            data: [
              {
                ...dial,
                dialBy: new Date(dial.dialBy),
                queuedAt: new Date(at),
                nextTryAt: new Date(at),
                state: 'waiting',
              },
            ],
            skipDuplicates: true,
          });
          return count === 1;
        },
        turnTaking,
      ),

    async claim({ now, leaseMs, limit }) {
      const rows = await client.$queryRaw<ClaimedRow[]>`
        SELECT * FROM telephony.claim_dials(${new Date(now)}, ${new Date(now + leaseMs)}, ${limit}::int)
        ORDER BY dial_by, attempt_id`;
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        attemptId: row.attempt_id,
        campaignId: row.campaign_id,
        clinicId: row.clinic_id,
        dialBy: row.dial_by.getTime(),
        traceparent: row.traceparent,
        tries: row.tries,
      }));
    },
    postpone: (dial, until) => change(dial, { nextTryAt: new Date(until) }),
    end: (dial, { state, reason }) => change(dial, { nextTryAt: null, state, reason }),

    async live(limit) {
      const rows = await client.$queryRaw<Pick<ClaimedRow, 'tenant_id' | 'attempt_id'>[]>`
        SELECT * FROM telephony.live_attempts(${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, attemptId: row.attempt_id }));
    },
    async purge(limit) {
      await client.$queryRaw`SELECT telephony.purge_dials(${limit}::int)`;
    },
  };
}
