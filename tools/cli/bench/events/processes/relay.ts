import { createKafkaRelay } from '@wardline/event-bus';
import { createLogger } from '@wardline/observability';
import { endWith, onMessage, readOptions, tell } from './child.ts';

const options = readOptions<{ brokers: string[]; busUrl: string; lanes?: number; batchMax?: number }>();
let batches = 0;
let events = 0;
const relay = createKafkaRelay({
  connection: { brokers: options.brokers, clientId: 'bench-relay' },
  busUrl: options.busUrl,
  logger: createLogger({ service: 'bench-relay', level: 'warn', destination: process.stderr }),
  ...(options.lanes ? { lanes: options.lanes } : {}),
  ...(options.batchMax ? { batchMax: options.batchMax } : {}),
  onPublished: (count) => {
    batches += 1;
    events += count;
  },
});
onMessage((message) => {
  if (message['start'] === true) void relay.start().then(() => tell({ started: true }));
  if (message['figures'] === true) {
    tell({ figures: { batches, events } });
    batches = 0;
    events = 0;
  }
});
endWith(() => relay.close());
tell({ ready: true });
