export type { KeyValue, SetOptions, Unsubscribe } from './key-value.ts';
export { createMemoryKeyValue, type MemoryKeyValueOptions } from './memory-key-value.ts';
export { keyValueRoutes } from './key-value-routes.ts';
export {
  createRemoteKeyValue,
  type KeyValueRpcClient,
  type RemoteKeyValueOptions,
} from './remote-key-value.ts';
