#!/usr/bin/env node
// Installs what embedded speech recognition lacks, where that is allowed: two Debian packages (a library and an English
// acoustic model, BSD-licensed, 40 MB). Voice activity and the voices come with npm. Plain JavaScript for Node ≥ 20,
// without dependencies: it runs before anything is installed. Says one line about what it did or what would do it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const LIBRARY_FOLDERS = [
  '/usr/lib',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/local/lib',
  '/lib',
];
const MODEL_FILES = ['en-us/mdef', 'cmudict-en-us.dict'].map(
  (file) => `/usr/share/pocketsphinx/model/en-us/${file}`,
);

/** The Debian packages whose files are not here. The same rule as probeLocalSpeech() in libs/local-speech. */
export function missingSpeechPackages(exists = existsSync) {
  const folders = [...LIBRARY_FOLDERS, ...(process.env.LD_LIBRARY_PATH?.split(':') ?? [])];
  const missing = [];
  if (!folders.some((folder) => exists(`${folder}/libpocketsphinx.so.3`))) missing.push('libpocketsphinx3');
  if (!MODEL_FILES.every((file) => exists(file))) missing.push('pocketsphinx-en-us');
  return missing;
}

const hasApt = () =>
  process.platform === 'linux' && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version');
const isRoot = () => process.getuid?.() === 0;

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8', timeout: 300_000 });
}

function install(packages) {
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  if (apt(...args).status === 0) return undefined;
  // A fresh machine or image has no package lists yet.
  const update = apt('update');
  const again = apt(...args);
  return again.status === 0
    ? undefined
    : `${again.stderr || update.stderr || 'apt-get failed'}`.trim().split('\n').at(-1);
}

/**
 * Makes embedded recognition possible when it is not, and tells how it went. Never throws: without it the platform still
 * starts, with a recogniser that says what is missing.
 * `say` receives at most one line. Resolves to { ok, installed, missing }.
 */
export async function ensureSpeech({ say = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const missing = missingSpeechPackages();
  if (missing.length === 0) return { ok: true, installed: [], missing: [] };
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!hasApt()) {
    say(
      `speech: embedded recognition needs PocketSphinx 5prealpha with its en-us model; on Debian: ${command}`,
    );
    return { ok: false, installed: [], missing };
  }
  if (!isRoot()) {
    say(`speech: embedded recognition lacks ${missing.join(' and ')}; install with: sudo ${command}`);
    return { ok: false, installed: [], missing };
  }
  const problem = install(missing);
  const still = missingSpeechPackages();
  if (problem || still.length > 0) {
    say(
      `speech: could not install ${missing.join(' and ')} (${problem ?? 'files not found afterwards'}); try: ${command}`,
    );
    return { ok: false, installed: [], missing: still };
  }
  say(`speech: installed ${missing.join(' and ')} with apt-get for embedded recognition`);
  return { ok: true, installed: missing, missing: [] };
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const result = await ensureSpeech();
  if (result.ok && result.installed.length === 0) process.stderr.write('speech: nothing is missing\n');
  process.exitCode = result.ok ? 0 : 1;
}
