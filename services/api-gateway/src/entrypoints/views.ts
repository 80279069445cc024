import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { z } from 'zod';

/**
 * How messages of the services become the public JSON: instants are ISO 8601 in UTC or null; enums are the lower-case
 * word of the contract ("booked", "active"), and a value that this version does not know is "unknown".
 */
export const iso = (at: Timestamp | undefined): string | null =>
  at ? timestampDate(at).toISOString() : null;

type Enumeration = Readonly<Record<string, number>>;

const wordOf = (name: string) =>
  name === 'UNSPECIFIED' ? 'unknown' : name.toLowerCase().replaceAll('_', '-');

/** The word of an enum's value: the contracts' enums are plain objects from name to number. */
export function word(names: Enumeration, value: number): string {
  const name = Object.keys(names).find((key) => names[key] === value);
  return name ? wordOf(name) : 'unknown';
}

/** Null where the contract says "not yet" or "does not apply" by the unspecified value. */
export const wordOrNull = (names: Enumeration, value: number): string | null =>
  value === 0 ? null : word(names, value);

/** The schema of `word`. */
export const words = (names: Enumeration) =>
  z.enum([
    'unknown',
    ...new Set(
      Object.keys(names)
        .filter((n) => n !== 'UNSPECIFIED')
        .map(wordOf),
    ),
  ]);

/** The value of a word of the contract; the unspecified one, which services take as "any", where there is none. */
export function valueOf<V extends number>(
  names: Readonly<Record<string, V>>,
  wanted: string | undefined,
): V | 0 {
  const found = Object.entries(names).find(([name]) => name !== 'UNSPECIFIED' && wordOf(name) === wanted);
  return found?.[1] ?? 0;
}
