#!/usr/bin/env node
// Generates what is not committed: the contracts from proto/ and one Prisma client per service that has a schema.
// Needs only what npm has installed. `--only contracts` or `--only <service>` does a part.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const bin = path.join(root, 'node_modules/.bin');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;

function run(command, args, cwd, env = {}) {
  const result = spawnSync(path.join(bin, command), args, {
    cwd,
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, ...env },
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}\n`);
    throw new Error(`${command} ${args.join(' ')} failed in ${path.relative(root, cwd) || '.'}`);
  }
}

if (!only || only === 'contracts') {
  run('buf', ['generate'], path.join(root, 'proto'));
  // The descriptors with their comments, which generated code leaves out: what the events are described from to others.
  run(
    'buf',
    ['build', '-o', path.join(root, 'libs/contracts/generated/contracts.binpb')],
    path.join(root, 'proto'),
  );
}

for (const service of readdirSync(path.join(root, 'services')).sort()) {
  const dir = path.join(root, 'services', service);
  if (!existsSync(path.join(dir, 'prisma/schema.prisma')) || (only && only !== service)) continue;
  // Generation needs no engine, yet the CLI wants to fetch one; any executable satisfies it.
  run('prisma', ['generate', '--schema', 'prisma/schema.prisma'], dir, {
    PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  // The CLI has exited 0 without writing anything when its parts failed: look at the result, not at the code.
  if (!existsSync(path.join(dir, 'generated/prisma/client.ts'))) {
    throw new Error(`prisma generate wrote no client for ${service}`);
  }
}
