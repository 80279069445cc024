import { loadConfig } from '@wardline/config';
import { eventBusConfigOf, eventBusVariables, type EventBusConfig } from '@wardline/event-bus';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { databaseRoles, loginRoles, passwordVariableOf } from './schemas.ts';

// No escaping anywhere: in a URL, in a compose file, in a shell.
const password = z.string().regex(/^[\w-]{16,}$/, 'has at least 16 of the characters A-Z a-z 0-9 _ -');

const schema = z.object({
  ...eventBusVariables,
  /** Postgres URL of a role that may create roles, schemas and extensions. */
  WARDLINE_DB_ADMIN: z.url(),
  ...Object.fromEntries(loginRoles.map((role) => [passwordVariableOf(role), password])),
});

export type MigrateConfig = Readonly<{
  adminUrl: string;
  /** By role; those that nobody logs in with get one that nobody knows. */
  rolePasswords: Readonly<Record<string, string>>;
  eventBus: EventBusConfig;
}>;

/** @throws ConfigError that lists every problem at once */
export function parseConfig(env: Record<string, string | undefined> = process.env): MigrateConfig {
  const e = loadConfig(schema, env);
  const given = e as Readonly<Record<string, unknown>>;
  return Object.freeze({
    adminUrl: e.WARDLINE_DB_ADMIN,
    rolePasswords: Object.fromEntries(
      databaseRoles.map((role) => {
        const known = given[passwordVariableOf(role)];
        return [role, typeof known === 'string' ? known : randomBytes(24).toString('base64url')];
      }),
    ),
    eventBus: eventBusConfigOf(e),
  });
}
