import fc from 'fast-check';
import { partitionOf, topicNames, topics } from './index.ts';

it('puts a key of a topic into one of its partitions, always the same', () => {
  fc.assert(
    fc.property(fc.constantFrom(...topicNames), fc.string({ minLength: 1 }), (topic, key) => {
      const partition = partitionOf(topic, key);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(topics[topic].partitions);
      expect(partitionOf(topic, key)).toBe(partition);
    }),
  );
});

it('never changes: logs that exist depend on it', () => {
  // 32-bit FNV-1a of "foobar" is 0xbf9cf968 (http://www.isthe.com/chongo/tech/comp/fnv/).
  expect(partitionOf('calls.changed', 'foobar')).toBe(0xbf9cf968 % 10);
  expect(partitionOf('campaigns.queued', 'foobar')).toBe(0xbf9cf968 % 20);
});

it('spreads keys', () => {
  const used = new Set(Array.from({ length: 200 }, (_, i) => partitionOf('campaigns.queued', `key-${i}`)));
  expect(used.size).toBe(20);
});
