export { createMemoryKeyring } from './memory-keyring.ts';
