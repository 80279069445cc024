import { describeServiceSchema } from '@wardline/persistence/testing';
import { campaignsSchema } from './schema.ts';

describeServiceSchema(campaignsSchema, {
  values: {
    campaigns: {
      state: `'draft'`,
      calls_at_once_max: '1',
      attempts_max: '1',
      attempts_per_day_max: '1',
      ring_seconds: '30',
    },
    imports: { state: `'done'` },
    recipients: { state: `'waiting'`, next_call_at: 'now()' },
    attempts: { state: `'queued'` },
  },
});
