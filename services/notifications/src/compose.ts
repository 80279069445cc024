import { directory } from '@wardline/contracts';
import { createEventBus, uuidv7, type EventBus } from '@wardline/event-bus';
import { createConfiguredCipher, type FieldCipher } from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import { createRpcClient, createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle } from '@wardline/service-runtime';
import { createDirectoryContacts } from './adapters/directory-contacts.ts';
import { createEmbeddedOutbox } from './adapters/embedded-outbox.ts';
import { openNotificationsDatabase } from './adapters/postgres/notifications-database.ts';
import { createPostgresMessageStore } from './adapters/postgres/postgres-message-store.ts';
import type { NotificationsConfig } from './config.ts';
import { consumeAppointments } from './entrypoints/appointment-events.ts';
import { allowedCallers, notificationsRoutes } from './entrypoints/notifications-rpc.ts';
import { consumeSmsCommands } from './entrypoints/sms-commands.ts';
import type { SmsProvider } from './ports/sms-provider.ts';

export { parseConfig, type NotificationsConfig } from './config.ts';
export { notificationsSchema } from './schema.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface NotificationsDeps {
  readonly logger: Logger;
  readonly eventBus?: EventBus;
  readonly cipher?: FieldCipher;
  readonly provider?: SmsProvider;
  /** Milliseconds since 1970; another clock only in tests. */
  readonly now?: () => number;
}

export function compose(config: NotificationsConfig, deps: NotificationsDeps) {
  const { logger } = deps;
  const now = deps.now ?? Date.now;
  const cipher = deps.cipher ?? createConfiguredCipher(config.keyring);
  const eventBus = deps.eventBus ?? createEventBus(config.eventBus, { logger, service: 'notifications' });
  const provider = deps.provider ?? createEmbeddedOutbox();
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'notifications' });
  const database = openNotificationsDatabase(config.databaseUrl, logger);
  const messages = createPostgresMessageStore(database, cipher);
  const directoryClient = createRpcClient(directory.DirectoryService, {
    baseUrl: config.directoryUrl,
    callee: 'directory',
    tokens,
  });
  const contacts = createDirectoryContacts(directoryClient.forTenant);
  const rpc = createRpcServer({
    service: 'notifications',
    host: config.host,
    port: config.rpcPort,
    tokens,
    logger,
    allow: allowedCallers,
    routes: notificationsRoutes(messages),
  });
  const lifecycle = composeLifecycle(
    [
      { name: 'database', start: async () => {}, close: () => database.close() },
      { name: 'directory client', start: async () => {}, close: async () => directoryClient.close() },
      consumeAppointments(eventBus, { messages, contacts, cipher, newId: uuidv7, now }),
      consumeSmsCommands(eventBus, { messages, provider, cipher, now }),
      rpc,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that NotificationsService listens on, once started. */
    get rpcPort(): number {
      return rpc.port;
    },
  };
}
