import * as gateway from '@wardline/api-gateway';
import * as campaigns from '@wardline/campaigns';
import { loadConfig } from '@wardline/config';
import { createPostgresLog } from '@wardline/event-bus';
import { createFieldCipher, createFileKeyring } from '@wardline/field-encryption';
import * as insights from '@wardline/insights';
import * as notifications from '@wardline/notifications';
import * as patients from '@wardline/patients';
import { z } from 'zod';
import { runProcess, serviceComponent } from './run-process.ts';

const schema = z.object({
  WARDLINE_DB_BUS: z.url(),
  WARDLINE_MASTER_KEY: z.string(),
  WARDLINE_KEYS_DIR: z.string(),
});

/** What may take a moment: messages to patients, and the staff's side of things. */
await runProcess('back-office', (logger) => {
  const config = loadConfig(schema);
  const eventBus = createPostgresLog({ connectionString: config.WARDLINE_DB_BUS, logger });
  const cipher = createFieldCipher(
    createFileKeyring({ dir: config.WARDLINE_KEYS_DIR, masterKey: config.WARDLINE_MASTER_KEY }),
  );
  return [
    serviceComponent(
      'notifications',
      notifications.compose(notifications.parseConfig(), { logger, eventBus, cipher }),
    ),
    serviceComponent('campaigns', campaigns.compose(campaigns.parseConfig(), { logger, eventBus, cipher })),
    serviceComponent('patients', patients.compose(patients.parseConfig(), { logger, cipher })),
    serviceComponent('insights', insights.compose(insights.parseConfig(), { logger, eventBus })),
    serviceComponent('api-gateway', gateway.compose(gateway.parseConfig(), { logger, eventBus, cipher })),
  ];
});
