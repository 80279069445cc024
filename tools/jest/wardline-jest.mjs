#!/usr/bin/env node
// Runs Jest for the workspace package in the current folder: ES modules, TypeScript stripped by swc, no build.
//   wardline-jest                 unit and integration tests of this package
//   wardline-jest <jest options>  passed on, e.g. `wardline-jest domain` or `wardline-jest --watch`
// WARDLINE_TEST_REPORT_DIR=<dir> writes one JSON report per package there, which the workspace runner adds up.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const name = JSON.parse(readFileSync('package.json', 'utf8')).name.replace('@wardline/', '');
const reportDir = process.env.WARDLINE_TEST_REPORT_DIR;
const report = reportDir ? ['--json', `--outputFile=${path.join(reportDir, `${name}.json`)}`] : [];

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
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
process.exit(result.status ?? 1);
