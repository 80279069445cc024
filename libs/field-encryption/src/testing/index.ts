export { describeKeyring } from './keyring-conformance.ts';
export { createMemoryKeyring } from './memory-keyring.ts';
