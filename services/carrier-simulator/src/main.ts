import { ConfigError } from '@wardline/config';
import { createLogger } from '@wardline/observability';
import { compose } from './compose.ts';
import { parseConfig, type SimulatorConfig } from './config.ts';

/**
 * The simulated carrier: a program of its own, like the real one it stands in for. It outlives the platform, keeps the
 * callers on the line meanwhile and goes on trying to deliver their webhooks.
 */
function readConfig(): SimulatorConfig {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { variable, problem } of error.problems) process.stderr.write(`${variable}: ${problem}\n`);
    process.exit(2);
  }
}

const config = readConfig();
const logger = createLogger({ service: 'carrier-simulator', level: config.logLevel });
const simulator = compose(config, { logger });
await simulator.start();
// A parent that asked for any free port learns here which one it is.
process.send?.({ ready: true, port: simulator.port });

const stopMsMax = 5_000;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMsMax).unref();
    void simulator.stop().then(() => process.exit(0));
  });
}
