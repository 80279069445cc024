export { startDirectory, type RunningDirectory } from './start-directory.ts';
