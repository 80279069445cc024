export { startPatients, type RunningPatients } from './start-patients.ts';
