/** What every accidental rendering of a personal value shows. */
const REDACTED = '[personal]';

/** Marks instances across duplicated copies of this package and across Jest's realms, where `instanceof` fails. */
const brand: unique symbol = Symbol.for('wardline.personal') as never;

/**
 * A value that says something about a person: a phone number, a name, what a caller said.
 *
 * It can be carried, compared and stored, but not shown by accident: string conversion, JSON and `util.inspect` all
 * give `[personal]`. The one way to the value is `reveal()`, so that every place that uses it can be found by name.
 */
export class Personal {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
    Object.defineProperty(this, brand, { value: true });
  }

  static of(value: string): Personal {
    if (typeof value !== 'string') throw new TypeError('Personal.of() takes a string');
    return new Personal(value);
  }

  /** The value itself. Call it only where it leaves our code: an adapter, a cipher, a matching rule. */
  reveal(): string {
    return this.#value;
  }

  /** A personal value derived from this one; what comes out of a personal value stays personal. */
  map(change: (value: string) => string): Personal {
    return Personal.of(change(this.#value));
  }

  /** `===` compares instances; two values are the same person's text only by this. */
  equals(other: Personal): boolean {
    return other.reveal() === this.#value;
  }

  toString(): typeof REDACTED {
    return REDACTED;
  }

  toJSON(): typeof REDACTED {
    return REDACTED;
  }

  [Symbol.toPrimitive](): typeof REDACTED {
    return REDACTED;
  }

  /** What Node's `console.log` and `util.inspect` call; the registered symbol keeps this package free of Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): typeof REDACTED {
    return REDACTED;
  }
}

/** Whether a value of unknown origin is a `Personal`, also one made by another copy of this package. */
export function isPersonal(value: unknown): value is Personal {
  return typeof value === 'object' && value !== null && brand in value;
}
