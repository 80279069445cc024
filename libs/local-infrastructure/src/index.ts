export { describeWithKafka, describeWithRedis } from './describe-with.ts';
export { InfrastructureError, type InfrastructureErrorCode } from './errors.ts';
export { kafkaVersion } from './kafka/broker-files.ts';
export type {
  InfrastructureLogger,
  KafkaCluster,
  KafkaCredentials,
  KafkaNode,
  StartKafkaOptions,
} from './kafka/cluster.ts';
export { probeKafka, startKafka, type Probe } from './kafka/start-kafka.ts';
export { probeRedis, startRedis, type StartedRedis, type StartRedisOptions } from './redis/start-redis.ts';
