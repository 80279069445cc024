#!/usr/bin/env node
// Holds proto/ against the contracts that consumers already rely on (proto/baseline.binpb): a change that breaks the wire
// or the JSON form fails. `--accept` makes the present contracts the baseline, which is a decision, not a repair: consumers
// of the old form must have gone first.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const buf = path.join(root, 'node_modules/.bin/buf');
const protoDir = process.env.WARDLINE_PROTO_DIR ?? path.join(root, 'proto');
const baseline = path.join(root, 'proto/baseline.binpb');

if (process.argv.includes('--help')) {
  process.stdout.write('npm run contracts:check [-- --accept]\n');
  process.exit(0);
}
const run = (...args) => spawnSync(buf, args, { cwd: protoDir, stdio: 'inherit' }).status ?? 1;
if (process.argv.includes('--accept')) process.exit(run('build', '-o', baseline));
const status = run('lint') || run('breaking', '--against', baseline);
process.stdout.write(
  status === 0
    ? 'contracts: nothing that consumers rely on has changed\n'
    : 'contracts: this would break consumers\n',
);
process.exit(status === 0 ? 0 : 1);
