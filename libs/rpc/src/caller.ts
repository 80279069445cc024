import { Code, ConnectError, createContextKey, type HandlerContext } from '@connectrpc/connect';
import type { Caller } from './service-tokens.ts';

/** Set by the server for every call that reaches a handler. */
export const callerKey = createContextKey<Caller | undefined>(undefined, { description: 'verified caller' });

/** @throws ConnectError Unauthenticated when the call did not come through a server of this library */
export function callerOf(ctx: HandlerContext): Caller {
  const caller = ctx.values.get(callerKey);
  if (!caller) throw new ConnectError('no verified caller', Code.Unauthenticated);
  return caller;
}

/** @throws ConnectError PermissionDenied when the token names no tenant */
export function tenantOf(ctx: HandlerContext): string {
  const { tenantId } = callerOf(ctx);
  if (tenantId === undefined) throw new ConnectError('this method needs a tenant', Code.PermissionDenied);
  return tenantId;
}
