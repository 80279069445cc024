/** What is agreed about the topics (ARCHITECTURE §4), as data. */
export interface Topic {
  readonly partitions: number;
  /** What the key is: what must stay in order within the topic. */
  readonly keyDescription: string;
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
}

const telephony = ['telephony-gateway'];

export const topics = {
  'calls.initiated': {
    partitions: 10,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['api-gateway', 'insights'],
  },
  'calls.changed': {
    partitions: 10,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['api-gateway', 'insights'],
  },
  'calls.completed': {
    partitions: 10,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['appointments', 'notifications', 'campaigns', 'insights', 'patients', 'api-gateway'],
  },
  'calls.failed': {
    partitions: 5,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['campaigns', 'notifications', 'insights', 'api-gateway'],
  },
  'calls.escalated': {
    partitions: 5,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['api-gateway', 'insights'],
  },
  'appointments.changed': {
    partitions: 10,
    keyDescription: 'appointment id',
    producers: ['appointments'],
    consumers: ['notifications', 'campaigns', 'insights', 'api-gateway'],
  },
  'campaigns.queued': {
    partitions: 20,
    keyDescription: 'HMAC of the number',
    producers: ['campaigns'],
    consumers: ['telephony-gateway'],
  },
  'sms.send': {
    partitions: 5,
    keyDescription: 'HMAC of the number',
    producers: ['any'],
    consumers: ['notifications'],
  },
  'messages.received': {
    partitions: 10,
    keyDescription: 'conversation id',
    producers: ['notifications'],
    consumers: ['conversation-brain'],
  },
  'patients.changed': {
    partitions: 10,
    keyDescription: 'patient id',
    producers: ['patients'],
    consumers: ['all'],
  },
  'directory.changed': {
    partitions: 5,
    keyDescription: 'clinic id',
    producers: ['directory'],
    consumers: ['all'],
  },
  'insights.scored': {
    partitions: 5,
    keyDescription: 'call id',
    producers: ['insights'],
    consumers: ['api-gateway', 'campaigns'],
  },
} as const satisfies Record<string, Topic>;

export type TopicName = keyof typeof topics;

export const topicNames = Object.keys(topics) as TopicName[];

export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(topics, name);
}

/**
 * The partition of a key: 32-bit FNV-1a of its UTF-8 bytes. It must never change while a log holds events, because all
 * events of a key have to lie in one partition.
 */
export function partitionOf(topic: TopicName, key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0) % topics[topic].partitions;
}
