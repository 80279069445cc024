import { isWithin } from '../domain/callee.ts';
import { strangerAt } from './persona.ts';
import { behaviourAt, type Person } from './person.ts';
import type { CallTruth } from './truth.ts';
import type { Behaviour } from '../domain/callee.ts';

const truthsKeptMax = 20_000;

/** Everybody who can be called, and what became of the calls to them. Bounded; nothing of it is on disk. */
export class Register {
  readonly #people = new Map<string, Person>();
  readonly #callsTo = new Map<string, number>();
  readonly #truths = new Map<string, { readonly to: string; readonly truth: () => CallTruth }>();

  describe(people: readonly Person[], replace: boolean): void {
    if (replace) {
      this.#people.clear();
      this.#callsTo.clear();
      this.#truths.clear();
    }
    for (const person of people) {
      this.#people.set(person.number, person);
      this.#callsTo.delete(person.number);
    }
  }

  get people(): readonly Person[] {
    return [...this.#people.values()];
  }

  /** Whoever was described at this number. */
  known(number: string): Person | undefined {
    return this.#people.get(number);
  }

  /** Somebody dials: who is it, and what do they do this time. */
  reach(number: string): { person: Person; behaviour: Behaviour; nth: number } {
    const person = this.#people.get(number) ?? strangerAt(number);
    const nth = this.#callsTo.get(number) ?? 0;
    this.#callsTo.set(number, nth + 1);
    return { person, behaviour: behaviourAt(person, nth), nth };
  }

  /** A call's truth as it stands whenever it is asked for, and for good once `settle` was called. */
  keep(id: string, to: string, truth: () => CallTruth): { settle(): void } {
    this.#truths.set(id, { to, truth });
    if (this.#truths.size > truthsKeptMax) this.#truths.delete(this.#truths.keys().next().value ?? '');
    return {
      settle: () => {
        if (!this.#truths.has(id)) return;
        const final = truth();
        this.#truths.set(id, { to, truth: () => final });
      },
    };
  }

  /** Oldest first; those to one number when asked so. */
  calls(to?: string): CallTruth[] {
    return [...this.#truths.values()]
      .filter((kept) => to === undefined || kept.to === to)
      .map((kept) => kept.truth());
  }
}

/** Why this person should not have been called at this instant. */
export function notAllowed(person: Person, at: Date): string[] {
  const rule = person.mayBeCalled;
  if (rule === undefined) return [];
  if (rule === 'never') return ['never'];
  return isWithin(rule, at) ? [] : ['outside-window'];
}
