export type { KeyValue, PermitOptions, SetOptions, Unsubscribe } from './key-value.ts';
export { KeyValueRefused, KeyValueUnavailable } from './errors.ts';
export {
  createKeyValue,
  keyValueVariables,
  type ConfiguredKeyValueDeps,
  type KeyValueEnvironment,
} from './configured-key-value.ts';
export { createMemoryKeyValue, type MemoryKeyValueOptions } from './memory-key-value.ts';
export { createRedisKeyValue, type RedisKeyValueOptions } from './redis-key-value.ts';
export { keyValueRoutes } from './key-value-routes.ts';
export {
  createRemoteKeyValue,
  type KeyValueRpcClient,
  type RemoteKeyValueOptions,
} from './remote-key-value.ts';
