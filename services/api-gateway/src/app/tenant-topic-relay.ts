import { meter, type Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { egressEventOf, type EgressRow, type Opener } from '../domain/egress-event.ts';
import { tenantTopicMessage } from '../domain/tenant-topic-message.ts';
import { tenantTopicName, unpublished, type TenantTopic } from '../domain/tenant-topic-plan.ts';
import type { EgressLog } from '../ports/egress-log.ts';
import type { TenantTopicCursors, TenantTopicTurns } from '../ports/tenant-topic-cursors.ts';
import type { TenantTopicPublisher } from '../ports/tenant-topic-publisher.ts';
import type { EgressSignal } from './egress-signal.ts';
import { createWaker } from './stream-follow.ts';

const metrics = meter('api-gateway');
const published = metrics.createCounter('wardline.tenant_topics.published', {
  description: "Events published to hospitals' own topics by this process",
  unit: '{event}',
});
const delay = metrics.createHistogram('wardline.tenant_topics.delay', {
  description: "From an event's place in the egress log to its hospital's topic",
  unit: 's',
});

export interface TenantTopicRelayOptions {
  readonly log: Pick<EgressLog, 'read' | 'range'>;
  readonly signal: Pick<EgressSignal, 'watch'>;
  readonly cursors: TenantTopicCursors;
  readonly turns: TenantTopicTurns;
  readonly publisher: TenantTopicPublisher;
  readonly cipher: Opener;
  /** Topics that integrators may have. */
  readonly topics: readonly string[];
  readonly topicPrefix: string;
  readonly logger: Logger;
  /** Called now and then: what else there is to look after on the cluster. */
  readonly tidy?: () => Promise<void>;
  /** How often it looks for topics that are new, or whose worker is gone. Default 2,000. */
  readonly lookEveryMs?: number;
  readonly tidyEveryMs?: number;
  /** Rows published at a time. Default 200. */
  readonly batchRows?: number;
  /** Before a turn begins: what a dead attempt still had under way has arrived by then. Default 1,000. */
  readonly settleMs?: number;
}

/**
 * Fills hospitals' Kafka topics from their logs, each by one worker at a time among all instances. At least once: the
 * cursor is written after the cluster has everything. In the ordinary course once: whoever begins, or begins again after
 * a failure, looks first at what the partitions end with.
 */
export function createTenantTopicRelay(o: TenantTopicRelayOptions): Component {
  const { logger } = o;
  const workers = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const waker = createWaker(stop.signal);
  const lookEveryMs = o.lookEveryMs ?? 2_000;
  let wanted: ReadonlySet<string> = new Set();
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    let tidyAt = 0;
    while (!stop.signal.aborted) {
      waker.arm();
      try {
        await beginTurns();
        if (o.tidy && performance.now() >= tidyAt) {
          tidyAt = performance.now() + (o.tidyEveryMs ?? 30_000);
          await o.tidy();
        }
      } catch (err) {
        logger.warn('tenant topics could not be looked after; the next look tries again', { err });
      }
      await waker.wait(lookEveryMs);
    }
  }

  async function beginTurns(): Promise<void> {
    const open = new Map(
      (await o.cursors.listOpen()).map((topic) => [tenantTopicName(o.topicPrefix, topic), topic]),
    );
    wanted = new Set(open.keys());
    for (const [name, topic] of open) {
      if (workers.has(name) || stop.signal.aborted || !(await o.turns.take(topic))) continue;
      workers.set(
        name,
        fill(topic, name).finally(() => workers.delete(name)),
      );
    }
  }

  /** One turn at a topic: ends when it is not ours any more, when nobody may read it any more, or with a failure. */
  async function fill(topic: TenantTopic, name: string): Promise<void> {
    const woken = createWaker(stop.signal);
    const leave = o.signal.watch(topic.tenantId, woken.wake);
    try {
      await woken.wait(o.settleMs ?? 1_000);
      const tails = await o.publisher.tails(name);
      let position = await o.cursors.read(topic);
      while (!stop.signal.aborted && wanted.has(name) && (await o.turns.take(topic))) {
        woken.arm();
        const page = await nextPage(topic, position);
        const missing = unpublished(
          page.rows.map((row) => messageOf(row, topic, name)),
          tails,
        );
        if (missing.length > 0) {
          await o.publisher.publish(name, missing);
          published.add(missing.length);
          const oldest = page.rows[0]?.recordedAt;
          if (oldest) delay.record((Date.now() - oldest.getTime()) / 1000);
        }
        if (page.readTo > position) {
          if (!(await o.cursors.advance(topic, position, page.readTo))) return;
          position = page.readTo;
        }
        if (page.readTo === page.last) await woken.wait(lookEveryMs);
      }
    } catch (err) {
      logger.warn('a tenant topic could not be filled; it is tried again', { topic: name, err });
    } finally {
      leave();
    }
  }

  async function nextPage(topic: TenantTopic, position: bigint) {
    const page = await o.log.read(topic.tenantId, {
      ...{ after: position, topics: o.topics },
      limit: o.batchRows ?? 200,
    });
    if (page.readTo === position) return page;
    const { first } = await o.log.range(topic.tenantId);
    if (first > position + 1n && position > 0n)
      logger.error('a tenant topic lacks events that were forgotten before they could be published', {
        ...{ tenantId: topic.tenantId, after: String(position), oldest: String(first) },
      });
    return page;
  }

  function messageOf(row: EgressRow, topic: TenantTopic, name: string) {
    const event = egressEventOf(row, topic, o.cipher);
    return tenantTopicMessage(row.position, event, o.publisher.partitionOf(name, row.key));
  }

  return {
    name: 'tenant topics',
    async start() {
      looking = look();
    },
    async close() {
      stop.abort();
      await looking;
      await Promise.all(workers.values());
      await o.turns.release();
    },
  };
}
