import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import type { Logger } from '@wardline/observability';
import { callerKey } from './caller.ts';
import type { Caller, ServiceTokens } from './service-tokens.ts';

export interface GateOptions {
  service: string;
  tokens: ServiceTokens;
  logger: Logger;
  allow?: Record<string, readonly string[]>;
}

/** Refuses a call before its body is read, unless its token is valid here and its caller may call the method. */
export function createGate(options: GateOptions): (context: HandlerContext) => Promise<void> {
  return async (context) => {
    const caller = await authenticate(context, options);
    const allowed = allowedCallers(context, options.allow);
    if (allowed && !allowed.includes(caller.service)) {
      options.logger.warn('rpc caller refused', { method: methodName(context), caller: caller.service });
      throw new ConnectError('this service may not call this method', Code.PermissionDenied);
    }
    context.values.set(callerKey, caller);
  };
}

async function authenticate(context: HandlerContext, options: GateOptions): Promise<Caller> {
  const token = /^Bearer (\S+)$/i.exec(context.requestHeader.get('authorization') ?? '')?.[1];
  if (token === undefined) throw new ConnectError('a service token is needed', Code.Unauthenticated);
  try {
    return await options.tokens.verify(token, options.service);
  } catch (error) {
    // The reason goes to our log; whoever forges tokens learns nothing from it.
    options.logger.warn('rpc token refused', { method: methodName(context), err: error });
    throw new ConnectError('the service token is not valid here', Code.Unauthenticated);
  }
}

function allowedCallers(context: HandlerContext, allow: GateOptions['allow']): readonly string[] | undefined {
  return allow?.[methodName(context)] ?? allow?.[`${context.service.typeName}/*`];
}

function methodName(context: HandlerContext): string {
  return `${context.service.typeName}/${context.method.name}`;
}
