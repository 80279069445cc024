export { loadConfig } from './load-config.ts';
export { ConfigError, type ConfigProblem } from './errors.ts';
export { dataDirOf, forgetDataDir, noteDataDir } from './data-dir.ts';
