import fc from 'fast-check';
import { groupPrefixOf, tenantTopicName, unpublished } from './tenant-topic-plan.ts';

interface Message {
  readonly position: bigint;
  readonly partition: number;
}

/** A topic that takes messages and may stop in the middle: each partition has got a part of what was sent to it. */
function topic() {
  const partitions = new Map<number, Message[]>();
  return {
    partitions,
    send(messages: readonly Message[], taken: (partition: number) => number) {
      const left = new Map<number, number>();
      for (const message of messages) {
        const rest = left.get(message.partition) ?? taken(message.partition);
        if (rest <= 0) continue;
        left.set(message.partition, rest - 1);
        partitions.set(message.partition, [...(partitions.get(message.partition) ?? []), message]);
      }
    },
    tails: () =>
      new Map([...partitions].map(([partition, messages]) => [partition, messages.at(-1)?.position ?? 0n])),
  };
}

describe('publishing a log to a topic', () => {
  it('puts everything there once and in order, wherever each attempt broke off', () => {
    const anyAttempt = fc.record({
      taken: fc.array(fc.nat(8), { minLength: 3, maxLength: 3 }),
      batch: fc.integer({ min: 1, max: 10 }),
      cursorWritten: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.nat(2), { maxLength: 40 }),
        fc.array(anyAttempt, { maxLength: 12 }),
        (partitions, attempts) => {
          const log = partitions.map((partition, index) => ({ position: BigInt(index + 1), partition }));
          const cluster = topic();
          let cursor = 0;
          for (const { taken, batch, cursorWritten } of attempts) {
            const window = log.slice(cursor, cursor + batch);
            const before = cluster.tails();
            cluster.send(unpublished(window, before), (partition) => taken[partition] ?? 0);
            const complete = unpublished(window, cluster.tails()).length === 0;
            if (complete && cursorWritten) cursor += window.length;
          }
          cluster.send(unpublished(log.slice(cursor), cluster.tails()), () => Infinity);
          for (const partition of [0, 1, 2])
            expect(cluster.partitions.get(partition) ?? []).toEqual(
              log.filter((m) => m.partition === partition),
            );
        },
      ),
    );
  });
});

describe('names', () => {
  it('are of one hospital: no topic and no group prefix of one is the start of one of another', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.boolean(), fc.boolean(), (a, b, personalA, personalB) => {
        fc.pre(a !== b);
        expect(groupPrefixOf(b).startsWith(groupPrefixOf(a))).toBe(false);
        const [topicA, topicB] = [
          tenantTopicName('', { tenantId: a, personal: personalA }),
          tenantTopicName('', { tenantId: b, personal: personalB }),
        ];
        expect(topicB.startsWith(topicA)).toBe(false);
      }),
    );
  });
});
