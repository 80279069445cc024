// One instance of the relay: the product's, unless a worse one is planted.
import { relayOf } from './bus.ts';
import { createRelayById } from './relay-by-id.ts';
import { joinDrill } from './process-config.ts';

const { config, logger, report, stopped } = joinDrill();
const relay = config.plant === 'relay-by-id' ? createRelayById(config, logger) : relayOf(config, logger);
await relay.start();
report({ kind: 'ready' });
await stopped;
await relay.drain?.();
await relay.close();
process.exit(0);
