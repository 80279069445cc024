export { FakeSmsProvider } from './fake-sms-provider.ts';
export { describeSmsProvider } from './sms-provider-conformance.ts';
