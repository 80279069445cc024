export {
  ensurePostgres,
  type EmbeddedPostgres,
  type EnsurePostgresOptions,
  type PostgresLogger,
} from './ensure-postgres.ts';
export { PostgresError, type PostgresErrorCode } from './errors.ts';
