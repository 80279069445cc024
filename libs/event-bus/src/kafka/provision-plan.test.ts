import { topicNames, topics, type Topic } from '../topics.ts';
import {
  configsOf,
  driftLine,
  driftOf,
  missingTopics,
  type ObservedCluster,
  type ObservedTopic,
} from './provision-plan.ts';

const events: Topic = { ...topics['calls.changed'], partitions: 3 };
const declaration = { 'calls.changed': events };

function cluster(brokers: number, found: Record<string, Partial<ObservedTopic>> = {}): ObservedCluster {
  const asDeclared = { partitions: 3, replication: 3, configs: configsOf(events, 3) };
  return {
    brokers,
    topics: new Map(Object.entries(found).map(([name, topic]) => [name, { ...asDeclared, ...topic }])),
  };
}

describe('what has to be created', () => {
  it('is every declared topic, with as many copies as there are brokers for', () => {
    const wanted = missingTopics(cluster(2), {});
    expect(wanted.map((topic) => topic.topic)).toEqual(topicNames);
    expect(new Set(wanted.map((topic) => topic.replicationFactor))).toEqual(new Set([2]));
    expect(missingTopics(cluster(5), {})[0]?.replicationFactor).toBe(3);
  });

  it.each([
    [1, '1'],
    [2, '1'],
    [3, '2'],
  ])('with %s copies, %s must be in sync: one broker may be away', (copies, inSync) => {
    expect(configsOf(events, copies)['min.insync.replicas']).toBe(inSync);
  });

  it('carries the prefix, and nothing that is there already', () => {
    expect(
      missingTopics(cluster(3, { 'calls.changed': {} }), { topicPrefix: 'a.' }, declaration),
    ).toMatchObject([{ topic: 'a.calls.changed', numPartitions: 3 }]);
    expect(missingTopics(cluster(3, { 'a.calls.changed': {} }), { topicPrefix: 'a.' }, declaration)).toEqual(
      [],
    );
  });

  it('compacts what is declared so, and sets no age there', () => {
    expect(configsOf(topics['directory.changed'], 3)).toMatchObject({ 'cleanup.policy': 'compact' });
    expect(configsOf(topics['directory.changed'], 3)).not.toHaveProperty('retention.ms');
    expect(configsOf(events, 3)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '604800000' });
  });
});

describe('drift', () => {
  const drift = (seen: ObservedCluster, topicPrefix = '') => driftOf(seen, { topicPrefix }, declaration);

  it('is nothing where all is as declared', () => {
    expect(drift(cluster(3, { 'calls.changed': {} }))).toEqual([]);
  });

  it('is not that a broker is away', () => {
    expect(drift(cluster(2, { 'calls.changed': {} }))).toEqual([]);
  });

  it('finds another number of partitions, fewer copies, other configuration, and what is missing', () => {
    const configs = { ...configsOf(events, 1), 'retention.ms': '1000' };
    const seen = cluster(3, { 'calls.changed': { partitions: 4, replication: 1, configs } });
    expect(drift(seen)).toEqual([
      { kind: 'partitions', topic: 'calls.changed', declared: 3, actual: 4 },
      { kind: 'replication', topic: 'calls.changed', declared: 3, actual: 1 },
      {
        kind: 'config',
        topic: 'calls.changed',
        name: 'retention.ms',
        declared: '604800000',
        actual: '1000',
      },
    ]);
    expect(drift(cluster(3))).toEqual([{ kind: 'missing', topic: 'calls.changed' }]);
    expect(drift(seen).map(driftLine)[0]).toContain('breaks the order of its keys');
  });

  it('finds names like ours that nobody declared, and leaves those of others alone', () => {
    const found = { 'calls.changed': {}, 'calls.chnaged': {}, orders: {}, __consumer_offsets: {} };
    expect(drift(cluster(3, found))).toEqual([{ kind: 'unknown', topic: 'calls.chnaged' }]);
    expect(drift(cluster(3, { 'b.calls.changed': {}, 'calls.old': {}, 'b.calls.old': {} }), 'b.')).toEqual([
      { kind: 'unknown', topic: 'b.calls.old' },
    ]);
  });
});
