import { allRoles, databaseSchemas } from '../services/standalone/src/schemas.ts';

export { databaseSchemas };

/** Roles that only own functions: nobody logs in with them. */
const neverLogsIn = /_(sweeper|lookup)$/;

export const databaseRoles: readonly string[] = allRoles;
export const loginRoles: readonly string[] = allRoles.filter((role) => !neverLogsIn.test(role));

/** `wardline_gateway` → `WARDLINE_PASSWORD_GATEWAY`. */
export const passwordVariableOf = (role: string): string =>
  `WARDLINE_PASSWORD_${role.replace(/^wardline_/, '').toUpperCase()}`;
