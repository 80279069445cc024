import { Code, ConnectError } from '@connectrpc/connect';
import { z } from 'zod';
import { CommandRefused, type RefusalCode } from '../app/command-call.ts';

/** What the RPC services of this gateway check of a request, and how they refuse it. */
export const uuid = z.guid();
export const word = z.string().regex(/^[a-z][a-z-]{0,39}$/, 'a short word such as caller-asked');
export const personName = z.string().trim().min(1).max(200);
export const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/);

/** @throws ConnectError InvalidArgument that names the field and never its value */
export function check<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ConnectError(`${field} is not valid`, Code.InvalidArgument);
  return parsed.data;
}

/** Empty is absent. */
export function optional(schema: z.ZodType<string>, value: string, field: string): string | undefined {
  return value === '' ? undefined : check(schema, value, field);
}

/** How many of a list: 1 to 200, 0 means 50. */
export function limitOf(limit: number): number {
  if (limit === 0) return 50;
  return check(z.int().min(1).max(200), limit, 'limit');
}

const codes: Record<RefusalCode, Code> = {
  'unknown-call': Code.NotFound,
  'stale-owner': Code.Aborted,
  'call-over': Code.FailedPrecondition,
  'call-ending': Code.FailedPrecondition,
};

/** A refused command of a call's owner in the words of the contract. */
export async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CommandRefused)
      throw new ConnectError(error.code, codes[error.code], undefined, undefined, error);
    throw error;
  }
}
