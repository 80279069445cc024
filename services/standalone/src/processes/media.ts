import { compose, parseConfig } from '@wardline/voice-media';
import { runProcess, serviceComponent } from './run-process.ts';

/** voice-media alone, so that nothing else ever delays a frame. */
await runProcess('media', (logger) => [serviceComponent('voice-media', compose(parseConfig(), { logger }))]);
