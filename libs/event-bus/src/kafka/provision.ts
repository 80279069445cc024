import type { Logger } from '@wardline/observability';
import kafkajs, { type Admin } from 'kafkajs';
import { topics } from '../topics.ts';
import { createKafka, kafkaTopicOf, type KafkaConnection } from './connection.ts';
import {
  driftLine,
  driftOf,
  isDangerous,
  missingTopics,
  type Declaration,
  type ObservedCluster,
  type ObservedTopic,
  type TopicDrift,
} from './provision-plan.ts';

// Node does not see these two among the names that a CommonJS module exports.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

export interface ProvisionOptions {
  logger: Logger;
  /** Default: the topics of this installation. */
  declaration?: Declaration;
  /** Also sets configuration that differs. Off by default: an operator may have changed it on purpose. */
  alterConfigs?: boolean;
  /** How long to wait for brokers and for new topics to have leaders. Default 30 s. */
  timeoutMs?: number;
}

export interface Provisioned {
  /** Names on the cluster. */
  readonly created: readonly string[];
  readonly altered: readonly string[];
  /** What still differs; partition counts are never changed. */
  readonly drift: readonly TopicDrift[];
}

const TIMEOUT_MS = 30_000;
const POLL_MS = 100;
/** Brokers other than the controller hear of a change later, a busy one much later; any of them may be asked. */
const SETTLE_MS = 3_000;

/**
 * Creates the topics that are missing. Safe to run again and by several at a time. What exists with another number of
 * partitions, copies or another configuration is reported and left alone: the partition of a key is computed from their
 * number, so more partitions would scatter the events of one key.
 *
 * @throws when fewer brokers answer than `connection.brokers` names and a topic has to be created: it would get too few
 *   copies for good
 */
export async function provisionTopics(
  connection: KafkaConnection,
  options: ProvisionOptions,
): Promise<Provisioned> {
  const { logger, declaration = topics, timeoutMs = TIMEOUT_MS } = options;
  return withAdmin(connection, logger, async (admin) => {
    const copiesMax = Math.max(...Object.values(declaration).map((topic) => topic.replication));
    const brokersMin = Math.min(copiesMax, connection.brokers.length);
    const missing = (cluster: ObservedCluster) => missingTopics(cluster, connection, declaration);
    const look = (until: (cluster: ObservedCluster) => boolean, otherwise: string) =>
      observeUntil(until, otherwise, timeoutMs, () => observe(admin, connection, declaration));

    const before = await look(
      (cluster) => missing(cluster).length === 0 || cluster.brokers >= brokersMin,
      `of ${brokersMin} brokers some are away; new topics would get too few copies`,
    );
    const created = missing(before).map(({ topic }) => topic);
    // False when another provisioner was first with some of them; whoever has won, they are there now.
    if (created.length > 0) await admin.createTopics({ topics: missing(before), waitForLeaders: false });
    // A broker other than the controller hears of new topics a moment later, be they ours or another provisioner's.
    let cluster = await look((now) => missing(now).length === 0, 'new topics do not appear');
    if (created.length > 0) logger.info('kafka topics created', { topics: created.join(' ') });
    const altered = options.alterConfigs ? await alterConfigs(admin, cluster, connection, declaration) : [];
    if (altered.length > 0) {
      const isSet = (now: ObservedCluster) =>
        driftOf(now, connection, declaration).every(({ kind }) => kind !== 'config');
      // What was set is seen a moment later, even by the broker that was told.
      cluster = await look(isSet, 'new configuration does not appear');
      logger.info('kafka topics configured', { topics: altered.join(' ') });
    }
    const drift = driftOf(cluster, connection, declaration);
    for (const difference of drift) {
      const say = isDangerous(difference) ? logger.error : logger.warn;
      say('a kafka topic differs from its declaration', { difference: driftLine(difference) });
    }
    return { created, altered, drift };
  });
}

/**
 * What differs between the declaration and the cluster; changes nothing. A difference counts once it has been seen for three
 * seconds, so that a check right after a change does not report what one broker has not heard of yet.
 */
export async function checkDrift(
  connection: KafkaConnection,
  options: Pick<ProvisionOptions, 'logger' | 'declaration' | 'timeoutMs'>,
): Promise<TopicDrift[]> {
  const { logger, declaration = topics, timeoutMs = TIMEOUT_MS } = options;
  return withAdmin(connection, logger, async (admin) => {
    const look = () => observe(admin, connection, declaration);
    const settled = performance.now() + SETTLE_MS;
    const isSure = (now: ObservedCluster) =>
      performance.now() > settled || driftOf(now, connection, declaration).length === 0;
    const cluster = await observeUntil(isSure, 'it cannot be looked at', timeoutMs, look);
    return driftOf(cluster, connection, declaration);
  });
}

async function observeUntil(
  isReached: (cluster: ObservedCluster) => boolean,
  otherwise: string,
  timeoutMs: number,
  look: () => Promise<ObservedCluster>,
): Promise<ObservedCluster> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let reason = otherwise;
    const cluster = await look().catch((error: unknown) => {
      if (!isPassing(error)) throw error;
      reason = error.type;
      return undefined;
    });
    if (cluster && isReached(cluster)) return cluster;
    if (performance.now() > deadline) throw new Error(`kafka topics: ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * The broker asked has not heard of a topic yet, or a partition is electing its leader; kafkajs refuses the whole answer for
 * one such partition, even of somebody else's topic.
 */
function isPassing(error: unknown): error is { type: string } {
  const { type } = error as { type?: string };
  return type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE';
}

/** One request replaces the whole configuration of a topic, so what others have set is read and sent along. */
async function alterConfigs(
  admin: Admin,
  cluster: ObservedCluster,
  connection: KafkaConnection,
  declaration: Declaration,
): Promise<string[]> {
  const wanted = new Map<string, Record<string, string>>();
  for (const drift of driftOf(cluster, connection, declaration)) {
    if (drift.kind !== 'config') continue;
    wanted.set(drift.topic, { ...wanted.get(drift.topic), [drift.name]: drift.declared });
  }
  if (wanted.size === 0) return [];
  const own = await configsOfTopics(admin, [...wanted.keys()], 'set on the topic');
  await admin.alterConfigs({
    validateOnly: false,
    resources: [...wanted].map(([name, changes]) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configEntries: Object.entries({ ...own.get(name), ...changes }).map(([key, value]) => ({
        name: key,
        value,
      })),
    })),
  });
  return [...wanted.keys()];
}

/** All topics are asked for, because asking for one by name can create it on a cluster that creates topics by itself. */
async function observe(
  admin: Admin,
  connection: KafkaConnection,
  declaration: Declaration,
): Promise<ObservedCluster> {
  const { brokers } = await admin.describeCluster();
  const { topics: found } = await admin.fetchTopicMetadata();
  const declared = new Set(Object.keys(declaration).map((name) => kafkaTopicOf(connection, name)));
  const ours = found.map(({ name }) => name).filter((name) => declared.has(name));
  const configs = await configsOfTopics(admin, ours, 'in effect');
  const observed = found.map(({ name, partitions }): [string, ObservedTopic] => [
    name,
    {
      partitions: partitions.length,
      replication: Math.min(...partitions.map((p) => p.replicas.length)),
      configs: configs.get(name) ?? {},
    },
  ]);
  return { brokers: brokers.length, topics: new Map(observed) };
}

async function configsOfTopics(
  admin: Admin,
  names: string[],
  which: 'in effect' | 'set on the topic',
): Promise<Map<string, Record<string, string>>> {
  if (names.length === 0) return new Map();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(
        configEntries
          .filter((entry) => which === 'in effect' || entry.configSource === ConfigSource.TOPIC_CONFIG)
          .map((entry) => [entry.configName, entry.configValue]),
      ),
    ]),
  );
}

async function withAdmin<T>(
  connection: KafkaConnection,
  logger: Logger,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = createKafka(connection, logger).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
