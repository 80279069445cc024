import { setTimeout as pause } from 'node:timers/promises';
import { provisionTopics } from '@wardline/event-bus';
import { startKafka } from '@wardline/local-infrastructure';
import type { Logger } from '@wardline/observability';
import { Kafka, logLevel } from 'kafkajs';

/** A cluster of the drill's own, whose brokers can be killed. */
export interface DrillKafka {
  readonly brokers: readonly string[];
  readonly via: string;
  /**
   * SIGKILLs the broker that the choice (0 … 1) falls on and starts it again after a while; `back` resolves when every
   * partition has all its copies in sync again.
   */
  killBroker(choice: number, awayMs: number): Promise<{ who: string; back: Promise<void> }>;
  stop(): Promise<void>;
}

export async function startDrillKafka(brokers: 1 | 3, logger: Logger): Promise<DrillKafka> {
  const cluster = await startKafka({ brokers, own: true, logger });
  try {
    await provisionTopics({ brokers: cluster.brokers }, { logger });
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return {
    brokers: cluster.brokers,
    via: cluster.via,
    async killBroker(choice, awayMs) {
      const node = cluster.nodes[Math.floor(choice * cluster.nodes.length)];
      if (!node) throw new Error('the cluster is not ours to kill');
      const who = `broker ${node.id} (${node.pid ?? 'container'})`;
      await node.kill();
      const back = (async () => {
        await pause(awayMs);
        await node.start();
        while (!(await isInSync(cluster.brokers))) await pause(300);
      })();
      return { who, back };
    },
    stop: () => cluster.stop(),
  };
}

/** Whether every partition of every topic has all its copies in sync; false also when nobody answers. */
async function isInSync(brokers: readonly string[]): Promise<boolean> {
  const admin = new Kafka({
    clientId: 'wardline-chaos',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
  }).admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata();
    return topics.every(({ partitions }) => partitions.every((p) => p.isr.length === p.replicas.length));
  } catch {
    return false; // Asked again in a moment.
  } finally {
    await admin.disconnect();
  }
}
