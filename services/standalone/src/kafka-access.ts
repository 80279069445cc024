import { createKafka, kafkaTopicOf, topics, type KafkaConnection } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import kafkajs from 'kafkajs';

const {
  AclOperationTypes: operation,
  AclPermissionTypes: permission,
  AclResourceTypes: resource,
  ResourcePatternTypes: pattern,
} = kafkajs;

/**
 * Who a service is to a Kafka of our own: *consumer* reads the topics, *relay* writes them. api-gateway is neither but the
 * superuser, since it makes the topics and users of integrators.
 */
export const kafkaUsers = ['consumer', 'relay'] as const;
export type KafkaUser = (typeof kafkaUsers)[number];

/** Gives these users their rights; nobody else but the superuser has any. Safe to repeat. */
export async function grantKafkaAccess(superuser: KafkaConnection, logger: Logger): Promise<void> {
  const rule = (user: KafkaUser, resourceType: number, resourceName: string, allowed: number) => ({
    principal: `User:${user}`,
    host: '*',
    permissionType: permission.ALLOW,
    resourcePatternType: pattern.LITERAL,
    ...{ resourceType, resourceName, operation: allowed },
  });
  const names = Object.keys(topics).map((name) => kafkaTopicOf(superuser, name));
  const admin = createKafka(superuser, logger).admin();
  await admin.connect();
  try {
    await admin.createAcls({
      acl: [
        ...names.map((name) => rule('consumer', resource.TOPIC, name, operation.READ)),
        rule('consumer', resource.GROUP, '*', operation.READ),
        ...names.map((name) => rule('relay', resource.TOPIC, name, operation.WRITE)),
      ],
    });
  } finally {
    await admin.disconnect();
  }
}
