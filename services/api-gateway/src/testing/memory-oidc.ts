import type { OidcKey, OidcKeys, OidcRecord, OidcRecords } from '../ports/oidc-store.ts';

/** Fake of `OidcRecords`. */
export class MemoryOidcRecords implements OidcRecords {
  readonly records = new Map<string, OidcRecord & { expiresAt: Date }>();
  readonly #key = (model: string, id: string) => `${model} ${id}`;

  async put(
    model: string,
    id: string,
    record: { payload: Readonly<Record<string, unknown>>; expiresAt: Date },
  ): Promise<void> {
    const consumedAt = this.records.get(this.#key(model, id))?.consumedAt;
    this.records.set(this.#key(model, id), { ...record, consumedAt });
  }
  async find(model: string, id: string): Promise<OidcRecord | undefined> {
    const found = this.records.get(this.#key(model, id));
    return found && found.expiresAt > new Date() ? found : undefined;
  }
  async findByUid(model: string, uid: string): Promise<OidcRecord | undefined> {
    const found = [...this.records].find(
      ([key, { payload }]) => key.startsWith(`${model} `) && payload['uid'] === uid,
    );
    return found?.[1];
  }
  async consume(model: string, id: string): Promise<boolean> {
    const found = this.records.get(this.#key(model, id));
    if (!found || found.consumedAt) return false;
    this.records.set(this.#key(model, id), { ...found, consumedAt: new Date() });
    return true;
  }
  async remove(model: string, id: string): Promise<void> {
    this.records.delete(this.#key(model, id));
  }
  async removeGrant(grantId: string): Promise<void> {
    for (const [key, { payload }] of this.records)
      if (payload['grantId'] === grantId && !key.startsWith('Session ')) this.records.delete(key);
  }
}

/** Fake of `OidcKeys`. */
export class MemoryOidcKeys implements OidcKeys {
  keys: OidcKey[] = [];

  async list(now: Date): Promise<readonly OidcKey[]> {
    return this.keys
      .filter(({ verifiesUntil }) => verifiesUntil === undefined || verifiesUntil > now)
      .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }
  async change(now: Date, plan: Parameters<OidcKeys['change']>[1]): Promise<void> {
    const { add, end } = plan(await this.list(now));
    const kept = this.keys.map((key) => ({ ...key, verifiesUntil: end.get(key.keyId) ?? key.verifiesUntil }));
    this.keys = [...kept, ...add];
  }
}
