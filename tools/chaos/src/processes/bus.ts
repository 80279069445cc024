import { createEventBus, createEventRelay, type EventBus, type EventBusConfig } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { ProcessConfig } from './process-config.ts';

const configOf = (config: ProcessConfig, databaseUrl: string): EventBusConfig => ({
  databaseUrl,
  kafka: config.kafkaBrokers && { brokers: config.kafkaBrokers },
});

/** The bus as the product's own composition roots make it: with nothing that would ease a drill. */
export function busOf(config: ProcessConfig, logger: Logger): EventBus {
  return createEventBus(configOf(config, config.parkingUrl), { logger, service: config.name });
}

export function relayOf(config: ProcessConfig, logger: Logger): Component {
  return createEventRelay(configOf(config, config.busUrl), { logger, service: config.name });
}
