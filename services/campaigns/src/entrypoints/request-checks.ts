import { Code, ConnectError } from '@connectrpc/connect';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CURSOR = /^(-?\d{1,15}) ([0-9a-f-]{36})$/;

export const invalid = (problem: string) => new ConnectError(problem, Code.InvalidArgument);
export const notFound = (what: string) => new ConnectError(`no such ${what}`, Code.NotFound);
export const notNow = (problem: string) => new ConnectError(problem, Code.FailedPrecondition);

/** @throws ConnectError InvalidArgument */
export function uuidOf(field: string, value: string): string {
  if (!UUID.test(value)) throw invalid(`${field} must be a UUID`);
  return value.toLowerCase();
}

export function optionalUuid(field: string, value: string): string | undefined {
  return value === '' ? undefined : uuidOf(field, value);
}

/** 0 means the default. */
export function limitOf(value: number, max: number, byDefault: number): number {
  if (value < 0 || value > max) throw invalid(`limit must be between 1 and ${max}`);
  return value === 0 ? byDefault : value;
}

export function textOf(field: string, value: string, max: number, min = 0): string {
  if (value.length < min || value.length > max)
    throw invalid(`${field} must have ${min} to ${max} characters`);
  // PostgreSQL's text has no such character.
  if (value.includes('\0')) throw invalid(`${field} must not contain NUL characters`);
  return value;
}

/** Opaque to clients, so that it may change; nothing in it is secret. */
export function cursorAfter(position: { atMs: number; id: string }): string {
  return Buffer.from(`${position.atMs} ${position.id}`).toString('base64url');
}

/** @throws ConnectError InvalidArgument for anything that `cursorAfter` did not write */
export function positionOf(cursor: string): { atMs: number; id: string } | undefined {
  if (cursor === '') return undefined;
  const [, time, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (time === undefined || id === undefined || !UUID.test(id)) throw invalid('cursor is not valid');
  return { atMs: Number(time), id };
}
