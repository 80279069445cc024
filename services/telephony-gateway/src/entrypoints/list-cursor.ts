import { Code, ConnectError } from '@connectrpc/connect';
import type { ListPosition } from '../ports/call-list.ts';

const SHAPE = /^(\d{1,15}) ([0-9a-f-]{36})$/;

/** Opaque to clients, so that it may change; nothing in it is secret. */
export function cursorAfter(position: ListPosition): string {
  return Buffer.from(`${String(position.initiatedAt)} ${position.callId}`).toString('base64url');
}

/** @throws ConnectError InvalidArgument for anything that `cursorAfter` did not write */
export function positionOf(cursor: string): ListPosition {
  const [, time, callId] = SHAPE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (time === undefined || callId === undefined)
    throw new ConnectError('cursor is not valid', Code.InvalidArgument);
  return { initiatedAt: Number(time), callId };
}
