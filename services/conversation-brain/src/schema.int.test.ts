import { describeServiceSchema } from '@wardline/persistence/testing';
import { brainSchema } from './schema.ts';

describeServiceSchema(brainSchema, {
  values: { turns: { speaker: `'caller'` }, flows: { flow_id: `'ours'` } },
});
