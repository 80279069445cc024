import { createServiceTokens } from '@wardline/rpc';
import { compose, parseConfig } from '@wardline/voice-media';
import { runProcess, serviceComponent } from './run-process.ts';

/** voice-media alone, so that nothing else ever delays a frame. */
await runProcess('media', (logger) => {
  const config = parseConfig();
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'voice-media' });
  return [serviceComponent('voice-media', compose(config, { logger, tokens }))];
});
