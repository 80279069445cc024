#!/usr/bin/env node
// `npm test`: the tests of every package through Nx (cached: unchanged packages are not run again), then one line that
// adds up the runners' own reports. A package that fails is run again, with the machine to itself. Options: --no-cache
// runs everything anew; other arguments go to Nx, and then nothing is repeated.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const packages = ['libs', 'services', 'tools']
  .flatMap((dir) => readdirSync(path.join(root, dir)).map((name) => path.join(root, dir, name)))
  .filter((dir) => existsSync(path.join(dir, 'package.json')));
const manifestOf = (dir) => JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'));
const tested = packages.filter((dir) => manifestOf(dir).scripts?.test);
for (const dir of tested) rmSync(path.join(dir, 'test-report.json'), { force: true });

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
let allPassed = runs.map((selection) => nx(...selection)).every(Boolean);

/** What a package's last run says; undefined when it wrote no report. */
function reportOf(dir) {
  const file = path.join(dir, 'test-report.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** A suite that did not even load has no failed test to count. */
const unloaded = (suite) => suite.status === 'failed' && suite.assertionResults.length === 0;

/** `file: test`, for every test of this status and, among the failed, every suite that did not load. */
function named(report, status) {
  return report.testResults.flatMap((suite) => {
    const file = path.relative(root, suite.name);
    const tests = suite.assertionResults.filter((test) => test.status === status);
    return [
      ...(status === 'failed' && unloaded(suite) ? [`${file} (did not load)`] : []),
      ...tests.map((test) => `${file}: ${test.fullName}`),
    ];
  });
}

// Again, with the machine to itself: what is broken fails each time, and what only suffers from its neighbours or from a bad
// moment of the machine is told apart from it and named, since it is a fault too. Many failures are not the neighbours' doing.
const repeatedMax = 4;
const attempts = ['once more, alone', 'a last time, alone'];
const failing = tested.filter((dir) => reportOf(dir)?.success !== true);
const unsteady = [];
if (!allPassed && chosen.length === 0 && failing.length > 0 && failing.length <= repeatedMax) {
  allPassed = failing.map((dir) => passesAlone(dir, attempts)).every(Boolean);
}

function passesAlone(dir, [attempt, ...later]) {
  if (!attempt) return false;
  const { name } = manifestOf(dir);
  const before = reportOf(dir);
  const failures = before
    ? named(before, 'failed')
    : [`${path.relative(root, dir)} (ended without a report)`];
  process.stdout.write(`\n${attempt}: ${name}\n${failures.map((test) => `  it failed: ${test}\n`).join('')}`);
  rmSync(path.join(dir, 'test-report.json'), { force: true });
  const isPassed = (nx(`--projects=${name}`) && reportOf(dir)?.success === true) || passesAlone(dir, later);
  if (isPassed) unsteady.push(...failures);
  return isPassed;
}

const found = tested.map(reportOf).filter(Boolean);
const sum = (count) => found.map(count).reduce((a, b) => a + b, 0);
const passed = sum((report) => report.numPassedTests);
const failed = sum((report) => report.numFailedTests + report.testResults.filter(unloaded).length);
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
const say = (word, tests) => tests.forEach((test) => process.stdout.write(`${word}: ${test}\n`));
say(
  'failed',
  found.flatMap((report) => named(report, 'failed')),
);
say('failed once, passed alone', unsteady);
say(
  'skipped',
  found.flatMap((report) => named(report, 'pending')),
);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(!allPassed || failed > 0 || passed === 0 ? 1 : 0);
