import { MigrationError } from './errors.ts';

/** Where a service's tables live and who uses them. */
export interface ServiceSchema {
  /** As on the wire: `telephony-gateway`. */
  readonly service: string;
  /** PostgreSQL schema, for example `telephony`. */
  readonly schema: string;
  /** Login role, for example `wardline_telephony`. */
  readonly role: string;
  /** Absolute folder of the `NNN-name.sql` files. */
  readonly migrationsDir: string;
  /** Further login roles with narrow rights of their own, granted in the migrations: `wardline_telephony_sweeper`. */
  readonly extraRoles?: readonly string[];
  /** Whether the schema gets the event bus's outbox and inbox tables. Default: all but the bus's own schema. */
  readonly ownsEvents?: boolean;
}

const IDENTIFIER = /^[a-z][a-z0-9_]{0,62}$/;

/** Names go into SQL that takes no parameters; they are quoted too, but a strange one is a mistake worth telling. */
export function assertSchemas(services: readonly ServiceSchema[]): void {
  for (const s of services) {
    for (const name of [s.schema, s.role, ...(s.extraRoles ?? [])]) {
      if (!IDENTIFIER.test(name)) {
        throw new MigrationError(
          'migration-invalid',
          `"${name}" (service ${s.service}) is not a plain lower-case name`,
        );
      }
    }
  }
}

export const ownsEvents = (s: ServiceSchema): boolean => s.ownsEvents ?? s.schema !== 'bus';
