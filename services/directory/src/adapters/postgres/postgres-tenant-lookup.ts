import type { TenantLookup } from '../../ports/directory-store.ts';
import type { DirectoryDatabase } from './directory-database.ts';

/** The functions of migration 002, which see what this service's own role does not. */
export function createPostgresTenantLookup(database: DirectoryDatabase): TenantLookup {
  return {
    async ofNumber(number) {
      const [row] = await database.client.$queryRaw<{ tenant_id: string; clinic_id: string }[]>`
        SELECT * FROM directory.resolve_number(${number})`;
      return row && { tenantId: row.tenant_id, clinicId: row.clinic_id };
    },
    async ofLogin(login) {
      const [row] = await database.client.$queryRaw<
        {
          tenant_id: string;
          user_id: string;
          display_name: string;
          role: string;
          password_hash: string;
          generation: number;
        }[]
      >`SELECT * FROM directory.staff_by_login(${login})`;
      return (
        row && {
          tenantId: row.tenant_id,
          userId: row.user_id,
          displayName: row.display_name,
          role: row.role,
          passwordHash: row.password_hash,
          generation: row.generation,
        }
      );
    },
  };
}
