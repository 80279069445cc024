#!/usr/bin/env node
// `npm test`: the tests of every package through Nx (cached: unchanged packages are not run again), then one line that
// adds up the runners' own reports. Options: --no-cache runs everything anew; other arguments go to Nx.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const packages = ['libs', 'services', 'tools'].flatMap((dir) =>
  readdirSync(path.join(root, dir)).map((name) => path.join(root, dir, name)),
);
const reports = packages.map((dir) => path.join(dir, 'test-report.json'));
for (const report of reports) rmSync(report, { force: true });

const args = process.argv.slice(2);
if (args.includes('--help')) {
  process.stdout.write('npm test [-- --no-cache] [-- --projects=@wardline/audio,…]\n');
  process.exit(0);
}
const noCache = args.includes('--no-cache') || process.env.CI === 'true';
const chosen = args.filter((a) => a !== '--no-cache');
/**
 * Each has the machine to itself: the whole platform with speaking callers, whose calls run in real time, and the events
 * drill, which keeps three brokers and a dozen processes busy while it kills them.
 */
const alone = ['@wardline/chaos', '@wardline/standalone'];

function nx(...selection) {
  const cache = noCache ? ['--skip-nx-cache'] : [];
  const options = ['-t', 'test', '--parallel=2', '--output-style=stream', ...cache];
  const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', FORCE_COLOR: '0' };
  const run = spawnSync(path.join(root, 'node_modules/.bin/nx'), ['run-many', ...options, ...selection], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  return run.status === 0;
}

const runs =
  chosen.length > 0
    ? [chosen]
    : [[`--exclude=${alone.join(',')}`], ...alone.map((name) => [`--projects=${name}`])];
const allPassed = runs.map((selection) => nx(...selection)).every(Boolean);

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of reports.filter(existsSync)) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  // A suite that did not even load has no failed test to count.
  failed += report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  ).length;
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === 'failed')
        process.stdout.write(`failed: ${path.relative(root, suite.name)}: ${test.fullName}\n`);
      if (test.status === 'pending')
        process.stdout.write(`skipped: ${path.relative(root, suite.name)}: ${test.fullName}\n`);
    }
    if (suite.status === 'failed' && suite.assertionResults.length === 0)
      process.stdout.write(`failed to run: ${path.relative(root, suite.name)}\n`);
  }
}
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(!allPassed || failed > 0 || passed === 0 ? 1 : 0);
