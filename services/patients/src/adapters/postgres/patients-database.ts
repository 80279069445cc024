import type { Logger } from '@wardline/observability';
import { createTenantDatabase, type TransactionOptions, type TxOf } from '@wardline/persistence';
import type { FieldCipher } from '@wardline/field-encryption';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openPatientsDatabase(connectionString: string, logger: Logger) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 5,
    logger,
  });
}

export type PatientsDatabase = ReturnType<typeof openPatientsDatabase>;
export type PatientsTx = TxOf<PrismaClient>;

/** What the adapters of this service are made of. */
export interface PostgresDeps {
  readonly database: PatientsDatabase;
  readonly cipher: Pick<FieldCipher, 'seal' | 'open' | 'blindIndex'>;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export const reading = { isolation: 'ReadCommitted' } as const satisfies TransactionOptions;
/** Identities, positions of the ledger and events are ordered by `oneWriterAtATime`; run twice, each finds its own work. */
export const writing = { isolation: 'ReadCommitted', idempotent: true } as const satisfies TransactionOptions;

/**
 * Makes a tenant's writers wait for each other until they commit. So two imports cannot make one person twice, positions of
 * the ledger become visible in their order, and the newest event of a person is the one that was written last. A batch of
 * 1,000 rows holds the others up for a few hundred milliseconds.
 */
export async function oneWriterAtATime(tx: PatientsTx, tenantId: string): Promise<void> {
  await tx.$executeRawUnsafe(
    `SELECT pg_advisory_xact_lock(hashtextextended('patients.writer ' || $1, 0))`,
    tenantId,
  );
}
