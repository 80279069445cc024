import { provisionTopics } from '@wardline/event-bus';
import { createLogger } from '@wardline/observability';
import { migrate } from '@wardline/persistence';
import { grantKafkaAccess } from '../services/standalone/src/kafka-access.ts';
import { parseConfig } from './config.ts';
import { databaseSchemas } from './schemas.ts';

// What must be there before any service starts: schemas, roles with their passwords, topics. Runs once and ends; running it
// again, or twice at the same time, does no harm.
const logger = createLogger({ service: 'migrate' });
try {
  const config = parseConfig();
  const { applied } = await migrate({
    adminUrl: config.adminUrl,
    services: databaseSchemas,
    rolePasswords: config.rolePasswords,
    logger,
  });
  logger.info('the database is up to date', { applied: applied.length });
  const { kafka } = config.eventBus;
  if (kafka) {
    const { created, drift } = await provisionTopics(kafka, { logger });
    // Without passwords there is nobody whose rights could differ.
    if (kafka.sasl) await grantKafkaAccess(kafka, logger);
    logger.info('the topics are there', { created: created.length, differing: drift.length });
  }
} catch (err) {
  logger.error('could not prepare the installation', { err });
  process.exitCode = 1;
}
