#!/usr/bin/env node
// Does all that a bare clone needs before `npm start`, `npm test` and the other commands, and only what has not been
// done yet. Runs on any Node ≥ 20 (the pinned Node is itself one of the things it installs), so: plain JavaScript, no
// dependencies, no top-level import of anything from node_modules.
//
//   --for start|platform|test|call   what comes next; tests also need what only tests use
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const purpose = process.argv.includes('--for') ? process.argv[process.argv.indexOf('--for') + 1] : 'start';
const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.wardline-setup.json');
const say = (text) => process.stderr.write(`wardline set-up: ${text}\n`);

if (Number(process.versions.node.split('.')[0]) < 20) {
  say(
    `this is Node ${process.versions.node}; any Node of version 20 or newer with npm will do, the right one is then installed beside the project.`,
  );
  process.exit(1);
}

/** Every file below `dir` that is not generated, so that a step runs again when its inputs change. */
function filesBelow(dir, keep) {
  if (!existsSync(dir)) return [];
  if (statSync(dir).isFile()) return [dir];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'generated', 'dist'].includes(entry.name))
    .flatMap((entry) => filesBelow(path.join(dir, entry.name), keep))
    .filter(keep)
    .sort();
}

function hashOf(paths, keep = () => true) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((p) => filesBelow(path.join(root, p), keep))) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

const readStamps = () => (existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {});
const stamp = (name, value) =>
  writeFileSync(stampFile, JSON.stringify({ ...readStamps(), [name]: value }, null, 2));

/** Runs a program, its output hidden unless it fails or takes long enough to make one wonder. */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (output = (output + text).slice(-20_000)));
    const dots = setInterval(() => process.stderr.write('.'), 5_000);
    const done = (error) => {
      clearInterval(dots);
      if (error) {
        process.stderr.write(`\n${output}\n`);
        reject(error);
      } else resolve(output);
    };
    child.on('error', done);
    child.on('close', (code) =>
      done(
        code === 0 ? undefined : new Error(`${path.basename(command)} ${args.join(' ')} ended with ${code}`),
      ),
    );
  });
}

const node = () => {
  const pinned = path.join(modules, '.bin', 'node');
  return existsSync(pinned) ? pinned : process.execPath;
};

async function installPackages() {
  const wanted = hashOf(['package.json', 'package-lock.json', '.npmrc'].concat(workspaceManifests()));
  if (existsSync(path.join(modules, '.bin', 'node')) && readStamps().packages === wanted) return;
  say('installing packages (the first time, about a minute)');
  // Not `npm ci`: it refuses a lockfile that lacks the optional packages of platforms that its writer's registry did not
  // offer. `--no-save` keeps to the lockfile just the same and leaves it as it is. No package needs its install scripts
  // here; some would fetch from elsewhere.
  await run('npm', [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  stamp('packages', wanted);
}

const workspaceManifests = () =>
  ['libs', 'services'].flatMap((dir) =>
    readdirSync(path.join(root, dir)).map((name) => `${dir}/${name}/package.json`),
  );

async function generate() {
  const schemas = readdirSync(path.join(root, 'services')).map((name) => `services/${name}/prisma`);
  const wanted = hashOf(['proto', 'tools/setup/generate.mjs', 'package-lock.json', ...schemas]);
  const present =
    existsSync(path.join(root, 'libs/contracts/generated')) &&
    schemas.every(
      (s) =>
        !existsSync(path.join(root, s)) ||
        existsSync(path.join(root, path.dirname(s), 'generated/prisma/client.ts')),
    );
  if (present && readStamps().generated === wanted) return;
  say('generating contracts and database clients');
  await run(node(), ['tools/setup/generate.mjs']);
  stamp('generated', wanted);
}

async function buildConsole() {
  const wanted = hashOf(['services/console', 'package-lock.json']);
  if (existsSync(path.join(root, 'services/console/dist/index.html')) && readStamps().console === wanted)
    return;
  say('building the console');
  await run(node(), [path.join(modules, 'vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: path.join(root, 'services/console'),
  });
  stamp('console', wanted);
}

async function embeddedSpeech() {
  const { ensureSpeech } = await import('./speech.mjs');
  await ensureSpeech();
}

/** Kafka itself, where it will run by itself. Who needs it says what is missing, so this never fails the set-up. */
async function kafkaBroker() {
  const script = 'libs/local-infrastructure/src/cli/fetch-broker.ts';
  const fetching = spawn(node(), ['--disable-warning=ExperimentalWarning', script], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => fetching.on('error', resolve).on('close', resolve));
}

/** Two commands in one checkout must not set it up at the same time. */
async function withLock(work) {
  mkdirSync(path.join(root, '.wardline'), { recursive: true });
  const lock = path.join(root, '.wardline', 'setup.lock');
  for (let told = false; ;) {
    try {
      const fd = openSync(lock, 'wx');
      writeFileSync(fd, String(process.pid));
      closeSync(fd);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(lock, 'utf8'));
      if (!isAlive(holder)) rmSync(lock, { force: true });
      else if (!told) {
        say(`waiting for the set-up that process ${holder} is doing`);
        told = true;
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const started = Date.now();
try {
  await withLock(async () => {
    await installPackages();
    await generate();
    await embeddedSpeech();
    if (purpose !== 'call') await buildConsole();
    if (purpose === 'test' || purpose === 'platform') await kafkaBroker();
  });
} catch (error) {
  say(`failed: ${error.message}`);
  process.exit(1);
}
if (Date.now() - started > 3_000) say(`done in ${Math.round((Date.now() - started) / 1000)} s`);
