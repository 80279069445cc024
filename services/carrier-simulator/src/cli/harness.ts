/** What other command line tools use to place simulated calls. */
export { percentile } from '../domain/measurement.ts';
export { findRunningCopy, NoRunningCopy, type RunningCopy } from './running-copy.ts';
export { runScenario, type CallResult, type RunOptions, type ScenarioResult } from './run-scenario.ts';
export { scenarioNames } from './scenario-files.ts';
export { clinicOf, PlatformApi } from './platform-api.ts';
export { SimulatorClient } from './simulator-client.ts';
export { slotWords } from './slot-words.ts';
export type { PersonInput } from '../people/person.ts';
export type { CallTruth } from '../people/truth.ts';
