export { composeLifecycle, type Component, type Lifecycle } from './lifecycle.ts';
export { runUntilSignal, type RunOptions, type RunnableProcess } from './run-until-signal.ts';
export {
  createHealthServer,
  type HealthCheck,
  type HealthServer,
  type HealthServerOptions,
} from './health-server.ts';
export { healthVariables, withHealth, type StoppableService, type WithHealthOptions } from './with-health.ts';
