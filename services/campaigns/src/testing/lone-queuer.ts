// An instance of the service in a process of its own, for a test that kills it. It opens nothing that is sealed, so it needs
// no keys of the test's.
import { FakeEventBus } from '@wardline/event-bus/testing';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createLogger } from '@wardline/observability';
import { compose } from '../compose.ts';
import { defaultPolicy } from '../domain/policy.ts';

const given = (name: string): string => process.env[name] ?? '';
const nowMs = Number(given('NOW_MS'));
await compose(
  {
    host: '127.0.0.1',
    rpcPort: 0,
    databaseUrl: given('DATABASE'),
    eventBus: { databaseUrl: undefined, kafka: undefined },
    serviceKey: given('SERVICE_KEY'),
    keyring: undefined,
    patientsUrl: given('PATIENTS'),
    telephonyUrl: given('TELEPHONY'),
    brainUrl: given('BRAIN'),
    tickMs: 20,
    policy: defaultPolicy,
  },
  {
    logger: createLogger({ service: 'campaigns', level: 'silent' }),
    eventBus: new FakeEventBus(),
    cipher: createFieldCipher(createMemoryKeyring()),
    now: () => nowMs,
  },
).start();
