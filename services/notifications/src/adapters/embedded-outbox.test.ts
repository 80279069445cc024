import { FakeSmsProvider } from '../testing/fake-sms-provider.ts';
import { describeSmsProvider } from '../testing/sms-provider-conformance.ts';
import { createEmbeddedOutbox } from './embedded-outbox.ts';

describeSmsProvider('embedded outbox', createEmbeddedOutbox);
describeSmsProvider('fake', () => new FakeSmsProvider());
