import { describeServiceSchema } from '@wardline/persistence/testing';
import { notificationsSchema } from './schema.ts';

describeServiceSchema(notificationsSchema, {
  values: { messages: { status: `'queued'` } },
});
