import { createEventRelay } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import { composeLifecycle } from '@wardline/service-runtime';
import type { EventRelayConfig } from './config.ts';

export { parseConfig, type EventRelayConfig } from './config.ts';

export function compose(config: EventRelayConfig, { logger }: { logger: Logger }) {
  return composeLifecycle([createEventRelay(config.eventBus, { logger, service: 'event-relay' })], logger);
}
