import { createSilentLogger } from '@wardline/observability';
import { createKafkaBus } from './kafka-bus.ts';

it('does not start for ever where nobody listens', async () => {
  const bus = createKafkaBus({
    // Nobody may listen below 1024 without being root, and nothing of ours does.
    connection: { brokers: ['127.0.0.1:1'] },
    parkingUrl: 'postgresql://nobody@127.0.0.1:1/none',
    logger: createSilentLogger(),
  });
  const consumer = bus.subscribe({ group: 'g', topics: ['sms.send'], handle: async () => ({ kind: 'ok' }) });
  await expect(consumer.start()).rejects.toThrow(/connect/i);
  await consumer.close();
});
