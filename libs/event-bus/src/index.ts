export {
  appendAllToOutbox,
  appendToOutbox,
  outboxInboxSql,
  takeMany,
  takeOnce,
  type SqlQueryTx,
  type SqlTx,
} from './outbox.ts';
export type {
  BatchSubscription,
  BusEvent,
  EventBus,
  JsonObject,
  JsonValue,
  NewEvent,
  Outcome,
  SingleSubscription,
  Subscription,
} from './event.ts';
export {
  egressTopicNames,
  isTopicName,
  partitionOf,
  topicNames,
  topics,
  type Topic,
  type TopicName,
} from './topics.ts';
export { topicsTable, withTopicsTable } from './topics-table.ts';
export { createKafka, kafkaTopicOf, type KafkaConnection } from './kafka/connection.ts';
export { checkDrift, provisionTopics, type Provisioned, type ProvisionOptions } from './kafka/provision.ts';
export { driftLine, type TopicDrift } from './kafka/provision-plan.ts';
export { uuidv7 } from './uuidv7.ts';
export { busSchema } from './bus-schema.ts';
export { createPostgresLog, type PostgresLogOptions } from './postgres/postgres-log.ts';
export {
  attemptsIn,
  countDeadLetters,
  findDeadLetter,
  letGo,
  listDeadLetters,
  listParkedKeys,
  openFailures,
  policyOf,
  releaseDeadLetter,
  REPLAYED,
  type Attempt,
  type DeadLetter,
  type DeadLetterCount,
  type FailureFilter,
  type ParkedKeySummary,
  type Released,
  type ReleaseHow,
  type TenantFailures,
} from './postgres/dead-letters.ts';
export { createLogReader, type LogReader } from './postgres/log-reader.ts';
/** What LISTEN hears when something was published or released. */
export { CHANNEL as busChannel } from './postgres/postgres-target.ts';
export {
  createEventBus,
  createEventRelay,
  eventBusConfigOf,
  eventBusVariables,
  type EventBusConfig,
} from './configured-event-bus.ts';
export {
  createKafkaBus,
  createKafkaRelay,
  type KafkaBusOptions,
  type KafkaRelayOptions,
} from './kafka/kafka-bus.ts';
export {
  createKafkaLogReader,
  type KafkaLogReader,
  type KafkaLogReaderOptions,
} from './kafka/kafka-log-reader.ts';
export { kafkaMessageOf, type OutboxRow } from './kafka/cloud-event.ts';
export { zstd as kafkaCompression } from './kafka/compression.ts';
