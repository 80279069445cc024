import type { DeadLetter, ParkedKeySummary, Released, ReleaseHow } from '@wardline/event-bus';
import type { DeadLetterFilter, DeadLetterStore } from '../ports/dead-letter-store.ts';

/** Fake of `DeadLetterStore` for all tenants; `released` shows what was let go. */
export class MemoryDeadLetterStore {
  readonly letters: DeadLetter[] = [];
  readonly parked: ParkedKeySummary[] = [];
  readonly released: { id: string; how: ReleaseHow }[] = [];

  of(tenantId: string): DeadLetterStore {
    const own = <T extends DeadLetter | ParkedKeySummary>(all: readonly T[], f: DeadLetterFilter): T[] =>
      all
        .filter(({ event }) => event.tenant_id === tenantId)
        .filter(({ group, topic, key }) =>
          [
            [f.group, group],
            [f.topic, topic],
            [f.key, key],
          ].every(([wanted, is]) => wanted === undefined || wanted === is),
        )
        .slice(0, f.limit ?? 100);
    const find = (id: string) => own(this.letters, {}).find((letter) => letter.id === id);
    return {
      deadLetters: async (filter) => own(this.letters, filter),
      deadLetter: async (id) => find(id),
      parkedKeys: async (filter) => own(this.parked, filter),
      release: async (id, how): Promise<Released | undefined> => {
        const letter = find(id);
        if (!letter) return undefined;
        this.letters.splice(this.letters.indexOf(letter), 1);
        this.released.push({ id, how });
        const { group, topic, key, waiting, holdsKey } = letter;
        return { id, group, topic, key, waiting, heldKey: holdsKey };
      },
    };
  }
}
