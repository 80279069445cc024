// Counts what arrives, and does nothing with it.
import { createKafka } from '@wardline/event-bus';
import { createLogger } from '@wardline/observability';
import { endWith, readOptions, tell } from './child.ts';

const options = readOptions<{ brokers: string[]; topic: string }>();
const logger = createLogger({ service: 'bench', level: 'error', destination: process.stderr });
const consumer = createKafka({ brokers: options.brokers }, logger).consumer({ groupId: 'bench.bare' });
let done = 0;
let told = 0;
await consumer.connect();
await consumer.subscribe({ topics: [options.topic], fromBeginning: true });
const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
await consumer.run({
  eachBatch: async ({ batch }) => {
    done += batch.messages.length;
  },
});
await joined;
const ticker = setInterval(() => {
  if (done !== told) tell({ done });
  told = done;
}, 20);
endWith(async () => {
  clearInterval(ticker);
  await consumer.disconnect();
});
tell({ ready: true });
