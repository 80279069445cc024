export { appendToOutbox, outboxInboxSql, takeOnce, type SqlTx } from './outbox.ts';
export type { BusEvent, EventBus, JsonObject, JsonValue, NewEvent, Outcome, Subscription } from './event.ts';
export { isTopicName, partitionOf, topicNames, topics, type Topic, type TopicName } from './topics.ts';
export { uuidv7 } from './uuidv7.ts';
export { busSchema } from './bus-schema.ts';
export { createPostgresLog, type PostgresLogOptions } from './postgres/postgres-log.ts';
export { findDeadLetter, listDeadLetters, releaseDeadLetter, type DeadLetter } from './postgres/dead-letters.ts';
