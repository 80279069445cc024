/**
 * What is agreed about the topics (ARCHITECTURE §4), as data. From here the cluster is provisioned and checked for drift
 * (`npm run events -- topics`), the table in `docs/events.md` is rendered, and the AsyncAPI document of
 * `@wardline/contracts` takes its channels. Without imports, so that tools can read it alone.
 */
export interface Topic {
  /** Never changed while a log holds events: the partition of a key is computed from it (`partitionOf`). */
  readonly partitions: number;
  /** Copies on different brokers; a cluster with fewer brokers gets as many as it has. */
  readonly replication: number;
  /** Copies that must have a message before it counts as written; capped one below the copies there are. */
  readonly minInSyncReplicas: number;
  /** How long an event is kept. Null: the newest of every key for ever (`compacted`). */
  readonly retentionMs: number | null;
  /** The newest event of a key is never removed, older ones may be. */
  readonly compacted: boolean;
  /** What the key is: what must stay in order within the topic. */
  readonly keyDescription: string;
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  /**
   * What happens to a key once an event of it is dead-lettered: `park` holds its later events back until a person decides;
   * `skip` goes on with them, right only where the newest event says everything.
   */
  readonly onFailure: 'park' | 'skip';
  /** Whether integrators may subscribe to it. Commands and topics without a published contract are not for them. */
  readonly egress: boolean;
  /** Full names of the messages it carries. Empty: reserved for a service to come. */
  readonly messageTypes: readonly string[];
}

const DAY_MS = 86_400_000;

/** A week covers a consumer that is down over a long weekend, and stays well inside the 30 days that inboxes remember. */
const kept = { replication: 3, minInSyncReplicas: 2, retentionMs: 7 * DAY_MS, compacted: false } as const;
const newestKept = { ...kept, retentionMs: null, compacted: true } as const;

const telephony = ['telephony-gateway'];

const declared = {
  'calls.initiated': {
    ...kept,
    partitions: 10,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['api-gateway', 'insights'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CallInitiated'],
  },
  'calls.changed': {
    ...kept,
    partitions: 10,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['api-gateway', 'insights'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CallChanged'],
  },
  'calls.completed': {
    ...kept,
    partitions: 10,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['appointments', 'notifications', 'campaigns', 'insights', 'patients', 'api-gateway'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CallCompleted'],
  },
  'calls.failed': {
    ...kept,
    partitions: 5,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['campaigns', 'notifications', 'insights', 'api-gateway'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CallFailed'],
  },
  'calls.escalated': {
    ...kept,
    partitions: 5,
    keyDescription: 'call id',
    producers: telephony,
    consumers: ['api-gateway', 'campaigns', 'insights'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CallEscalated'],
  },
  'appointments.changed': {
    ...kept,
    partitions: 10,
    keyDescription: 'appointment id',
    producers: ['appointments'],
    consumers: ['notifications', 'campaigns', 'insights', 'api-gateway'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.AppointmentChanged'],
  },
  'campaigns.queued': {
    ...kept,
    partitions: 20,
    keyDescription: 'HMAC of the number',
    producers: ['campaigns'],
    consumers: ['telephony-gateway', 'insights'],
    onFailure: 'park',
    egress: false,
    messageTypes: ['wardline.events.v1.CampaignCallQueued'],
  },
  'campaigns.changed': {
    ...kept,
    partitions: 5,
    keyDescription: 'campaign id',
    producers: ['campaigns'],
    consumers: ['insights', 'api-gateway'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CampaignChanged'],
  },
  'campaigns.settled': {
    ...kept,
    partitions: 10,
    keyDescription: 'recipient id',
    producers: ['campaigns'],
    consumers: ['insights', 'api-gateway'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.RecipientSettled'],
  },
  'conversations.ended': {
    ...kept,
    partitions: 10,
    keyDescription: 'call id',
    producers: ['conversation-brain'],
    consumers: ['insights'],
    onFailure: 'park',
    egress: false,
    messageTypes: ['wardline.events.v1.ConversationEnded'],
  },
  // Parked although its texts are separate: a confirmation that is sent after that of a later move tells the wrong time.
  'sms.send': {
    ...kept,
    partitions: 5,
    keyDescription: 'HMAC of the number',
    producers: ['any'],
    consumers: ['notifications', 'api-gateway'],
    onFailure: 'park',
    egress: false,
    messageTypes: ['wardline.events.v1.SmsSend'],
  },
  'messages.received': {
    ...kept,
    partitions: 10,
    keyDescription: 'conversation id',
    producers: ['notifications'],
    consumers: ['conversation-brain'],
    onFailure: 'park',
    egress: false,
    messageTypes: [],
  },
  'patients.changed': {
    ...newestKept,
    partitions: 10,
    keyDescription: 'patient id',
    producers: ['patients'],
    consumers: ['all'],
    onFailure: 'park',
    egress: false,
    messageTypes: ['wardline.events.v1.PatientChanged'],
  },
  // Every event holds the clinic whole, so one that cannot be applied must not keep its successors back.
  'directory.changed': {
    ...newestKept,
    partitions: 5,
    keyDescription: 'clinic id',
    producers: ['directory'],
    consumers: ['all'],
    onFailure: 'skip',
    egress: true,
    messageTypes: ['wardline.events.v1.DirectoryChanged'],
  },
  'insights.scored': {
    ...kept,
    partitions: 5,
    keyDescription: 'call id',
    producers: ['insights'],
    consumers: ['api-gateway', 'campaigns'],
    onFailure: 'park',
    egress: true,
    messageTypes: ['wardline.events.v1.CallScored'],
  },
} as const satisfies Record<string, Topic>;

export type TopicName = keyof typeof declared;

export const topics: Readonly<Record<TopicName, Topic>> = declared;

export const topicNames = Object.keys(declared) as TopicName[];

/** What integrators may subscribe to. */
export const egressTopicNames: readonly TopicName[] = topicNames.filter((name) => topics[name].egress);

export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(declared, name);
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
