export {
  createTenantDatabase,
  type IsolationLevel,
  type PersistenceLogger,
  type PrismaLike,
  type SqlTx,
  type TenantDatabase,
  type TransactionOptions,
  type TxOf,
} from './tenant-database.ts';
export {
  databaseErrorOf,
  isConstraintViolation,
  isTransactionConflict,
  type ConstraintKind,
  type DatabaseError,
} from './database-error.ts';
export {
  CommitUnknown,
  MigrationError,
  TenantInvalid,
  TransactionContention,
  type MigrationErrorCode,
  type PersistenceErrorCode,
} from './errors.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export type { ServiceSchema } from './service-schema.ts';
export { currentTenantSql, tenantPolicySql } from './tenant-policy.ts';
