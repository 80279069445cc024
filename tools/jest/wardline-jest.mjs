#!/usr/bin/env node
// Runs Jest for the workspace package in the current folder: ES modules, TypeScript stripped by swc, no build.
//   wardline-jest                 unit and integration tests of this package
//   wardline-jest --runInBand     one file at a time, for a package whose tests take the whole machine
//   wardline-jest <jest options>  passed on, e.g. `wardline-jest domain` or `wardline-jest --watch`
// Writes test-report.json beside the package, which the workspace runner adds up.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
// A watched or filtered run is for a person's eyes and must not pass for the package's result.
const options = process.argv.slice(2);
const whole = options.every((option) => option === '--runInBand');
const report = whole ? ['--json', '--outputFile=test-report.json'] : [];

const result = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    path.join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    path.join(here, 'jest.config.mjs'),
    '--rootDir',
    process.cwd(),
    '--passWithNoTests',
    ...report,
    ...options,
  ],
  // Tests have an environment of their own making, which native engines do not see: onnxruntime reports to nobody.
  { stdio: 'inherit', env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' } },
);
process.exit(result.status ?? 1);
