import { topics, type Topic } from '../topics.ts';
import { kafkaTopicOf } from './connection.ts';

/** What a cluster holds of one topic. */
export interface ObservedTopic {
  readonly partitions: number;
  /** Of the partition that has the fewest copies. */
  readonly replication: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface ObservedCluster {
  /** Brokers that are alive now. */
  readonly brokers: number;
  /** By the name on the cluster. */
  readonly topics: ReadonlyMap<string, ObservedTopic>;
}

/** A difference between the declaration and the cluster. `topic` is the name on the cluster. */
export type TopicDrift =
  | { readonly kind: 'missing'; readonly topic: string }
  /** A name like ours that is not declared: left behind, or made by a mistake. */
  | { readonly kind: 'unknown'; readonly topic: string }
  | {
      readonly kind: 'partitions' | 'replication';
      readonly topic: string;
      readonly declared: number;
      readonly actual: number;
    }
  | {
      readonly kind: 'config';
      readonly topic: string;
      readonly name: string;
      readonly declared: string;
      readonly actual: string | undefined;
    };

export interface Naming {
  readonly topicPrefix?: string;
}

/** A declaration; tests hand in their own. */
export type Declaration = Readonly<Record<string, Topic>>;

export interface TopicCreation {
  readonly topic: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configEntries: { name: string; value: string }[];
}

/** What has to be created, with as many copies as there are brokers for. */
export function missingTopics(
  cluster: ObservedCluster,
  naming: Naming,
  declaration: Declaration = topics,
): TopicCreation[] {
  return Object.entries(declaration).flatMap(([name, topic]) => {
    const onCluster = kafkaTopicOf(naming, name);
    if (cluster.topics.has(onCluster)) return [];
    const replicationFactor = Math.min(topic.replication, cluster.brokers);
    const configEntries = Object.entries(configsOf(topic, replicationFactor)).map(([key, value]) => ({
      name: key,
      value,
    }));
    return [{ topic: onCluster, numPartitions: topic.partitions, replicationFactor, configEntries }];
  });
}

/** Every difference, in the order of the declaration, names that nobody declared last. */
export function driftOf(
  cluster: ObservedCluster,
  naming: Naming,
  declaration: Declaration = topics,
): TopicDrift[] {
  const drift = Object.entries(declaration).flatMap(([name, declared]): TopicDrift[] => {
    const topic = kafkaTopicOf(naming, name);
    const actual = cluster.topics.get(topic);
    return actual ? driftOfTopic(topic, declared, actual, cluster.brokers) : [{ kind: 'missing', topic }];
  });
  return [...drift, ...unknownTopics(cluster, naming, declaration)];
}

function driftOfTopic(topic: string, declared: Topic, actual: ObservedTopic, brokers: number): TopicDrift[] {
  const drift: TopicDrift[] = [];
  if (actual.partitions !== declared.partitions) {
    drift.push({ kind: 'partitions', topic, declared: declared.partitions, actual: actual.partitions });
  }
  // Only too few copies are a difference, and only where there are brokers for more: with one broker of three away, topics
  // are as they should be.
  const replication = Math.min(declared.replication, brokers);
  if (actual.replication < replication) {
    drift.push({ kind: 'replication', topic, declared: replication, actual: actual.replication });
  }
  const copies = Math.min(declared.replication, actual.replication);
  for (const [name, value] of Object.entries(configsOf(declared, copies))) {
    if (actual.configs[name] !== value) {
      drift.push({ kind: 'config', topic, name, declared: value, actual: actual.configs[name] });
    }
  }
  return drift;
}

function unknownTopics(cluster: ObservedCluster, naming: Naming, declaration: Declaration): TopicDrift[] {
  const families = new Set(Object.keys(declaration).map(familyOf));
  const prefix = naming.topicPrefix ?? '';
  return [...cluster.topics.keys()]
    .filter((topic) => topic.startsWith(prefix))
    .filter((topic) => {
      const name = topic.slice(prefix.length);
      return !Object.hasOwn(declaration, name) && name.includes('.') && families.has(familyOf(name));
    })
    .sort()
    .map((topic) => ({ kind: 'unknown', topic }));
}

const familyOf = (name: string): string => name.split('.', 1)[0] ?? name;

/** Topic configuration on a cluster, where a topic has `copies` replicas. */
export function configsOf(topic: Topic, copies: number): Record<string, string> {
  return {
    'cleanup.policy': topic.compacted ? 'compact' : 'delete',
    ...(topic.retentionMs === null ? {} : { 'retention.ms': String(topic.retentionMs) }),
    // One below the copies, so that one broker can be away without producers having to stop.
    'min.insync.replicas': String(Math.max(1, Math.min(topic.minInSyncReplicas, copies - 1))),
    // Batches stay as the producer has compressed them; the broker does not spend time on it again.
    'compression.type': 'producer',
    // A copy that has missed something must never become the one that counts.
    'unclean.leader.election.enable': 'false',
  };
}

/** One line for a person. */
export function driftLine(drift: TopicDrift): string {
  switch (drift.kind) {
    case 'missing':
      return `${drift.topic}: is not there`;
    case 'unknown':
      return `${drift.topic}: is not declared`;
    case 'partitions':
      return `${drift.topic}: has ${drift.actual} partitions, declared are ${drift.declared}; changing the number of a topic that holds events breaks the order of its keys`;
    case 'replication':
      return `${drift.topic}: has ${drift.actual} copies, should have ${drift.declared}`;
    case 'config':
      return `${drift.topic}: ${drift.name} is ${drift.actual ?? 'not set'}, declared is ${drift.declared}`;
    default:
      return drift satisfies never;
  }
}

/** Whether the order of keys is at stake, or there is nowhere to write. */
export function isDangerous(drift: TopicDrift): boolean {
  return drift.kind === 'missing' || drift.kind === 'partitions';
}
