import { z } from 'zod';

/** Pieces that the schemas of many endpoints share. */
export const id = z.uuid();
const FIRST_YEAR = 1970;
const LAST_YEAR = 2200;
/** An instant with which calendars and databases can count. */
export const instantIn = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine(
    (at) => at.getUTCFullYear() >= FIRST_YEAR && at.getUTCFullYear() <= LAST_YEAR,
    `an instant from ${FIRST_YEAR} to ${LAST_YEAR}`,
  );
/** Instants are ISO 8601 in UTC. */
export const instant = z.iso.datetime();
export const instantOrNull = instant.nullable();
export const limit = (most = 200, usual = 50) => z.coerce.number().int().min(1).max(most).default(usual);
/** A whole number from 0 as the contracts have it. */
export const int32 = z.int().min(0).max(2_147_483_647);
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
export const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'E.164, such as +12025550143');
export const idParams = z.object({ id });

/** Query of a list: `?limit=&cursor=`. */
export const pageQuery = { limit: limit(), cursor: z.string().min(1).max(500).optional() };

/** A list and where it goes on: `next` is the `cursor` of the next request, null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

/** An answer for `pageOf`: services say the end of a list with an empty cursor. */
export const page = <T>(items: readonly T[], next: string | undefined = undefined) => ({
  items: [...items],
  next: next || null,
});

/** Optional fields are left out, not undefined: what messages and filters of ours expect. */
export function given<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
