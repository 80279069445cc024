import { fileURLToPath } from 'node:url';
import type { TopicName } from '@wardline/event-bus';
import type { ServiceSchema } from '@wardline/persistence';

/** The drill's own service. */
export const chaosSchema: ServiceSchema = {
  service: 'chaos',
  schema: 'chaos',
  role: 'wardline_chaos',
  migrationsDir: fileURLToPath(new URL('../migrations', import.meta.url)),
};

export const TENANTS = ['0190a0b0-0000-7000-8000-00000000c401', '0190a0b0-0000-7000-8000-00000000c402'];

/** Real topics, so that partitions, retention and parking are those of the product. */
export const TOPICS: readonly TopicName[] = ['calls.changed', 'appointments.changed', 'sms.send'];

export const KEYS_PER_TOPIC_AND_TENANT = 40;

/** The group whose consumers get one event at a time, and the one that gets batches. */
export const GROUPS = { single: 'chaos.single', batch: 'chaos.batch' } as const;
