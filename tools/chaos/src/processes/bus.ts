import { createPostgresLog, type EventBus } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { ProcessConfig } from './process-config.ts';

/** The bus as the product's own composition roots choose it. */
export function busOf(config: ProcessConfig, logger: Logger): EventBus {
  return createPostgresLog({ connectionString: config.busUrl, logger });
}

export function relayOf(config: ProcessConfig, logger: Logger): Component {
  return createPostgresLog({ connectionString: config.busUrl, logger }).relay;
}
