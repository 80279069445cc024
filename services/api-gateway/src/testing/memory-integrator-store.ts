import type { IntegratorSubscription } from '../domain/integrator-subscription.ts';
import type {
  IntegratorChange,
  IntegratorStore,
  NewIntegratorSubscription,
} from '../ports/integrator-store.ts';

type Row = IntegratorSubscription & { readonly tokenHash: string | null };

/** Fake of `IntegratorStore`; `rows` shows what reached it. */
export class MemoryIntegratorStore implements IntegratorStore {
  readonly rows = new Map<string, Row>();
  readonly #now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  async add(subscription: NewIntegratorSubscription): Promise<IntegratorSubscription> {
    const row = { ...subscription, createdAt: this.#now(), lastUsedAt: null };
    this.rows.set(row.id, row);
    return row;
  }

  async list(tenantId: string, kind: 'stream' | 'kafka'): Promise<IntegratorSubscription[]> {
    return [...this.rows.values()].filter((row) => row.tenantId === tenantId && row.kind === kind);
  }

  async find(
    tenantId: string,
    kind: 'stream' | 'kafka',
    id: string,
  ): Promise<IntegratorSubscription | undefined> {
    return (await this.list(tenantId, kind)).find((row) => row.id === id);
  }

  async change(tenantId: string, id: string, change: IntegratorChange): Promise<Row | undefined> {
    const row = this.rows.get(id);
    if (row?.tenantId !== tenantId) return undefined;
    const changed = { ...row, ...change };
    this.rows.set(id, changed);
    return changed;
  }

  async touch(tenantId: string, id: string): Promise<void> {
    const row = this.rows.get(id);
    if (row?.tenantId === tenantId) this.rows.set(id, { ...row, lastUsedAt: this.#now() });
  }

  async remove(tenantId: string, id: string): Promise<void> {
    if (this.rows.get(id)?.tenantId === tenantId) this.rows.delete(id);
  }

  async findByTokenHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, IntegratorSubscription>> {
    const found = new Map<string, IntegratorSubscription>();
    for (const row of this.rows.values()) {
      const open = row.state === 'active' && (row.expiresAt === null || row.expiresAt > this.#now());
      if (row.kind === 'stream' && open && row.tokenHash && hashes.includes(row.tokenHash))
        found.set(row.tokenHash, row);
    }
    return found;
  }

  async listKafkaToTidy(): Promise<{ readonly tenantId: string; readonly id: string }[]> {
    return [...this.rows.values()].filter(
      (row) =>
        row.kind === 'kafka' &&
        (row.state === 'disabled' ||
          row.kafkaUsers.length > 1 ||
          (row.expiresAt !== null && row.expiresAt <= this.#now())),
    );
  }
}
