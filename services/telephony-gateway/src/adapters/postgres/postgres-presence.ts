import { PRESENT_MS, type Presence } from '../../ports/presence.ts';
import { turnTaking, type TelephonyDatabase, type TelephonyTx } from './telephony-database.ts';

export function createPostgresPresence(database: TelephonyDatabase): Presence {
  return {
    seen: (tenantId, { userId, name, at }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const now = new Date(at);
          // Somebody who was away for longer than presence lasts has come anew.
          await tx.$executeRaw`
            INSERT INTO telephony.presence AS p (tenant_id, user_id, display_name, since, seen_at)
            VALUES (${tenantId}::uuid, ${userId}::uuid, ${name}, ${now}, ${now})
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET
              display_name = excluded.display_name,
              since = CASE WHEN p.seen_at <= ${presentSince(at)} THEN excluded.since ELSE p.since END,
              seen_at = greatest(p.seen_at, excluded.seen_at)`;
        },
        turnTaking,
      ),
    left: (tenantId, userId) =>
      database.inTenant(
        tenantId,
        async (tx) => void (await tx.presenceRow.deleteMany({ where: { userId } })),
        turnTaking,
      ),
    list: (tenantId, at) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const rows = await tx.presenceRow.findMany({
            where: { seenAt: { gt: presentSince(at) } },
            orderBy: [{ displayName: 'asc' }, { userId: 'asc' }],
          });
          return rows.map((row) => ({
            userId: row.userId,
            name: row.displayName,
            since: row.since.getTime(),
          }));
        },
        turnTaking,
      ),
  };
}

/** Who is present and has not declined this hand-off. */
export async function candidatesOf(tx: TelephonyTx, handOffId: string, at: number): Promise<string[]> {
  const present = await tx.presenceRow.findMany({
    where: { seenAt: { gt: presentSince(at) } },
    select: { userId: true },
  });
  const declined = await tx.handOffDeclineRow.findMany({ where: { handOffId }, select: { userId: true } });
  const refusers = new Set(declined.map(({ userId }) => userId));
  return present.map(({ userId }) => userId).filter((userId) => !refusers.has(userId));
}

function presentSince(at: number): Date {
  return new Date(at - PRESENT_MS);
}
