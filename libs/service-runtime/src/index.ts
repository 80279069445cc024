export { composeLifecycle, type Component, type Lifecycle } from './lifecycle.ts';
export { runUntilSignal, type RunOptions, type RunnableProcess } from './run-until-signal.ts';
export { createHealthServer, type HealthServer, type HealthServerOptions } from './health-server.ts';
