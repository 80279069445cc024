import { Code, ConnectError } from '@connectrpc/connect';
import type { MessagePosition } from '../ports/message-store.ts';

const SHAPE = /^(\d{1,15}) ([0-9a-f-]{36})$/;

/** Opaque to clients, so that it may change; nothing in it is secret. */
export function cursorAfter({ createdAt, messageId }: MessagePosition): string {
  return Buffer.from(`${String(createdAt.getTime())} ${messageId}`).toString('base64url');
}

/** @throws ConnectError InvalidArgument for anything that `cursorAfter` did not write */
export function positionOf(cursor: string): MessagePosition {
  const [, time, messageId] = SHAPE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (time === undefined || messageId === undefined)
    throw new ConnectError('cursor is not valid', Code.InvalidArgument);
  return { createdAt: new Date(Number(time)), messageId };
}
