import { ConfigError } from '@wardline/config';
import { createLogger, startTelemetry } from '@wardline/observability';
import { createServiceTokens } from '@wardline/rpc';
import { runUntilSignal, withHealth } from '@wardline/service-runtime';
import { LocalSpeechMissing } from './adapters/local-speech/local-speech.ts';
import { compose, parseConfig } from './compose.ts';

const service = 'voice-media';
const logger = createLogger({ service });

try {
  const config = parseConfig();
  const telemetry = startTelemetry({ service });
  const media = compose(config, { logger, tokens: createServiceTokens({ key: config.serviceKey, service }) });
  const served = withHealth(media, { logger });
  await runUntilSignal({
    service: {
      start: async () => {
        await served.start();
        logger.info('media socket is open', { port: media.mediaPort });
      },
      stop: async (deadlineMs) => {
        await served.stop(deadlineMs);
        await telemetry.shutdown();
      },
    },
    logger,
  });
} catch (err) {
  if (err instanceof LocalSpeechMissing) process.stderr.write(`${err.message}\n`);
  else if (err instanceof ConfigError) logger.error('configuration is invalid', { problems: err.problems });
  else logger.error('could not start', { err });
  process.exitCode = 1;
}
