import type { SessionStore, StaffSession } from '../../ports/session-store.ts';
import type { GatewayDatabase } from './gateway-database.ts';

interface SessionRow {
  tenant_id: string;
  user_id: string;
  display_name: string;
  role: string;
  expires_at: Date;
}

/** Sessions in Postgres: they survive a restart, so nobody has to sign in again because we were updated. */
export class PostgresSessionStore implements SessionStore {
  readonly #database: GatewayDatabase;

  constructor(database: GatewayDatabase) {
    this.#database = database;
  }

  async create(sessionHash: string, session: StaffSession): Promise<void> {
    await this.#database.inTenant(
      session.tenantId,
      async (tx) => {
        // Signing in is the moment to forget what has run out, so that no job is needed for it.
        await tx.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
        await tx.session.create({ data: { sessionHash, ...session } });
      },
      { isolation: 'ReadCommitted' },
    );
  }

  async find(sessionHash: string): Promise<StaffSession | undefined> {
    const rows = await this.#database.client.$queryRaw<
      SessionRow[]
    >`SELECT * FROM gateway.find_session(${sessionHash})`;
    const row = rows[0];
    return (
      row && {
        tenantId: row.tenant_id,
        userId: row.user_id,
        displayName: row.display_name,
        role: row.role,
        expiresAt: row.expires_at,
      }
    );
  }

  async end(sessionHash: string, tenantId: string): Promise<void> {
    await this.#database.inTenant(tenantId, (tx) => tx.session.deleteMany({ where: { sessionHash } }), {
      isolation: 'ReadCommitted',
    });
  }
}
