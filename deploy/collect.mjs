#!/usr/bin/env node
// Collects what one package of the workspace needs to run, from a checkout where everything is installed and generated:
//   node deploy/collect.mjs services/directory OUT
// OUT/packages gets what npm has installed, OUT/code the sources of our own packages; laid over each other they are a small
// checkout. Followed are dependencies, those optional ones that are installed, and peers that are not optional; never what
// only development needs. (`npm install --omit=dev --workspace` keeps far more: the Prisma CLI, testcontainers, TypeScript.)
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [packageDir, out] = process.argv.slice(2);
if (!packageDir || !out) throw new Error('collect.mjs PACKAGE OUT');

const manifestOf = (dir) => JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'));

/** As Node looks for a package: in the node_modules of the folder and of those above it. */
function find(name, from) {
  for (let dir = from; ; dir = path.dirname(dir)) {
    const candidate = path.join(dir, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (dir === root) return undefined;
  }
}

/** Names a package needs, each with whether it can do without. */
function needs(manifest) {
  const required = Object.keys({ ...manifest.dependencies });
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => !manifest.peerDependenciesMeta?.[name]?.optional,
  );
  return [
    ...required.filter((name) => !optional.includes(name)).map((name) => [name, false]),
    ...[...optional, ...peers].map((name) => [name, true]),
  ].filter(([name]) => !name.startsWith('@types/'));
}

const seen = new Set();
const waiting = [path.join(root, packageDir)];
for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
  if (seen.has(dir)) continue;
  seen.add(dir);
  const real = realpathSync(dir);
  if (real !== dir) {
    // A package of ours: a link in node_modules, and its folder.
    const link = path.join(out, 'packages', path.relative(root, dir));
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.relative(path.dirname(dir), real), link);
    waiting.push(real);
    continue;
  }
  const relative = path.relative(root, dir);
  const target = path.join(
    out,
    relative.split(path.sep).includes('node_modules') ? 'packages' : 'code',
    relative,
  );
  // What lies in its own node_modules comes by itself, where something needs it.
  for (const entry of readdirSync(dir)) {
    if (entry !== 'node_modules')
      cpSync(path.join(dir, entry), path.join(target, entry), { recursive: true });
  }
  for (const [name, canDoWithout] of needs(manifestOf(dir))) {
    const found = find(name, dir);
    if (found) waiting.push(found);
    else if (!canDoWithout) throw new Error(`${relative} needs ${name}, which is not installed`);
  }
}
process.stdout.write(`${packageDir}: ${seen.size} packages\n`);
