import { loadConfig } from '@wardline/config';
import type { Logger } from '@wardline/observability';
import { z } from 'zod';
import { createHealthServer, type HealthCheck } from './health-server.ts';

/** What a process reads beside its service's own configuration. */
export const healthVariables = {
  /** Port of `/healthz` and `/readyz`; without it there is no such endpoint. */
  WARDLINE_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Docker asks from inside the container; an orchestrator that asks from outside needs 0.0.0.0. */
  WARDLINE_HEALTH_HOST: z.string().default('127.0.0.1'),
};

/** A service as its `compose.ts` hands it out. */
export interface StoppableService {
  start(): Promise<void>;
  stop(deadlineMs?: number): Promise<void>;
}

export interface WithHealthOptions {
  logger: Logger;
  /** Beside `started`, which is always there. */
  checks?: Readonly<Record<string, HealthCheck>>;
  env?: Record<string, string | undefined>;
}

/**
 * The service with a health endpoint of its own, where `WARDLINE_HEALTH_PORT` asks for one. It listens before the service
 * starts (alive, not ready), is ready when the start has resolved, and no longer so as soon as the service is to stop.
 *
 * @throws ConfigError
 */
export function withHealth(service: StoppableService, options: WithHealthOptions): StoppableService {
  const { WARDLINE_HEALTH_PORT: port, WARDLINE_HEALTH_HOST: host } = loadConfig(
    z.object(healthVariables),
    options.env,
  );
  if (port === undefined) return service;
  let started = false;
  const health = createHealthServer({ port, host, checks: { started: () => started, ...options.checks } });
  return {
    async start() {
      await health.start();
      options.logger.info('health endpoint is open', { host, port: health.port });
      // When this rejects, the process stops and closes the endpoint with it.
      await service.start();
      started = true;
    },
    async stop(deadlineMs) {
      await health.drain?.();
      try {
        await service.stop(deadlineMs);
      } finally {
        await health.close();
      }
    },
  };
}
