import type { CommandError } from '../domain/command-errors.ts';
import type { Leg } from '../domain/leg.ts';

export type Dialled =
  { readonly error: CommandError } | { readonly leg: Leg; readonly answerDelayMs: number };

const memoryMs = 60_000;
const keptMax = 20_000;

/**
 * What stands before a dial command: the account's calls per second, and the memory of command ids, by which a command
 * that is repeated within a minute is the same call.
 */
export class DialDesk {
  #perSecondMax: number;
  readonly #now: () => number;
  readonly #recent: number[] = [];
  readonly #known = new Map<string, { readonly at: number; readonly leg: Leg }>();

  /** @param perSecondMax 0: no limit */
  constructor(perSecondMax: number, now: () => number) {
    this.#perSecondMax = perSecondMax;
    this.#now = now;
  }

  limit(perSecondMax: number): void {
    this.#perSecondMax = perSecondMax;
  }

  /** The call that this command has made already. */
  madeBy(commandId: string | undefined): Leg | undefined {
    const known = commandId === undefined ? undefined : this.#known.get(commandId);
    return known && this.#now() - known.at < memoryMs ? known.leg : undefined;
  }

  /** Whether one more call may be dialled in this second. */
  admit(): boolean {
    const now = this.#now();
    while (this.#recent[0] !== undefined && now - this.#recent[0] >= 1_000) this.#recent.shift();
    if (this.#perSecondMax > 0 && this.#recent.length >= this.#perSecondMax) return false;
    this.#recent.push(now);
    return true;
  }

  made(commandId: string | undefined, leg: Leg): void {
    if (commandId === undefined) return;
    this.#known.set(commandId, { at: this.#now(), leg });
    if (this.#known.size > keptMax) this.#known.delete(this.#known.keys().next().value ?? '');
  }
}
