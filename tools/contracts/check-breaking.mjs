#!/usr/bin/env node
// Holds what consumers rely on against what they were promised: proto/ against proto/baseline.binpb (the wire and the JSON
// form), the topics against proto/topics.lock.json (partitions, keys, what they carry). `--accept` makes the present state
// the promise, which is a decision, not a repair: consumers of the old form must have gone first.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brokenTopicPromises, promisesOf } from './topic-promises.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const protoDir = process.env.WARDLINE_PROTO_DIR ?? path.join(root, 'proto');
const baseline = path.join(root, 'proto/baseline.binpb');
const topicsFile = process.env.WARDLINE_TOPICS_FILE ?? path.join(root, 'libs/event-bus/src/topics.ts');
const lockFile = path.join(root, 'proto/topics.lock.json');

if (process.argv.includes('--help')) {
  process.stdout.write('npm run contracts:check [-- --accept]\n');
  process.exit(0);
}
const run = (...args) => spawnSync(bin('buf'), args, { cwd: protoDir, stdio: 'inherit' }).status ?? 1;
const { topics } = await import(pathToFileURL(topicsFile).href);

if (process.argv.includes('--accept')) {
  writeFileSync(lockFile, `${JSON.stringify(promisesOf(topics), undefined, 2)}\n`);
  spawnSync(bin('prettier'), ['--write', '--log-level', 'warn', lockFile], { stdio: 'inherit' });
  process.exit(run('build', '-o', baseline));
}
const problems = process.argv.includes('--proto-only')
  ? []
  : brokenTopicPromises(JSON.parse(readFileSync(lockFile, 'utf8')), topics);
for (const problem of problems) process.stdout.write(`${problem}\n`);
const failed = (run('lint') || run('breaking', '--against', baseline)) !== 0 || problems.length > 0;
process.stdout.write(
  failed
    ? 'contracts: this would break consumers\n'
    : 'contracts: nothing that consumers rely on has changed\n',
);
process.exit(failed ? 1 : 0);
