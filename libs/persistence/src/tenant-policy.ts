import pg from 'pg';

/** The tenant of the current transaction, as SQL; null when none is set, so that comparisons give no row. */
export const currentTenantSql = `nullif(current_setting('wardline.tenant_id', true), '')::uuid`;

/**
 * The SQL that closes a table to all tenants but the transaction's own. The table needs `tenant_id uuid not null`.
 * Migrations write these four statements out; this function is for tests and for tables made in code.
 *
 * `nullif` matters: once a session has set the variable, it reads as an empty string after the transaction, and casting
 * that to uuid would fail instead of showing nothing.
 */
export function tenantPolicySql(schema: string, table: string): string {
  const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
  return [
    `alter table ${name} enable row level security;`,
    `alter table ${name} force row level security;`,
    `create policy tenant on ${name} using (tenant_id = ${currentTenantSql}) with check (tenant_id = ${currentTenantSql});`,
  ].join('\n');
}
