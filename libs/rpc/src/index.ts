export { callerOf, tenantOf } from './caller.ts';
export { createServiceTokens, TokenRefused } from './service-tokens.ts';
export type { Caller, ServiceTokens, ServiceTokensOptions } from './service-tokens.ts';
export { createRpcServer, MESSAGE_BYTES_MAX, type RpcServer, type RpcServerOptions } from './rpc-server.ts';
export { createRpcClient, type RpcClient, type RpcClientOptions } from './rpc-client.ts';
