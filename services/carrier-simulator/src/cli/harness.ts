/** What other command line tools use to place simulated calls. */
export { percentile } from '../domain/measurement.ts';
export { findRunningCopy, NoRunningCopy, type RunningCopy } from './running-copy.ts';
export { runScenario, type CallResult, type RunOptions, type ScenarioResult } from './run-scenario.ts';
export { scenarioNames } from './scenario-files.ts';
export { clinicOf, PlatformApi } from './platform-api.ts';
