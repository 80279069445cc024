export { describeKeyValue, type KeyValueHarness } from './conformance.ts';
