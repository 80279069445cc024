import { describeServiceSchema } from '@wardline/persistence/testing';
import { telephonySchema } from './schema.ts';

describeServiceSchema(telephonySchema, {
  values: {
    calls: { direction: `'outbound'`, state: `'active'`, owner_epoch: '1', next_check_at: 'now()' },
    dials: { state: `'waiting'`, next_try_at: 'now()' },
    commands: { kind: `'answer'`, status: `'pending'` },
    hand_offs: { state: `'requested'`, fallback: `'none'` },
  },
});
