import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);

export const chromiumFlags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  // Nobody should hear the tests.
  '--mute-audio',
];

/** The console as it is shipped, built into a folder of its own; or the build that WARDLINE_CONSOLE_BUILT names. */
export function buildConsole(): { readonly dir: string; remove(): void } {
  const given = process.env['WARDLINE_CONSOLE_BUILT'];
  if (given) return { dir: given, remove: () => undefined };
  const dir = mkdtempSync(path.join(tmpdir(), 'wardline-console-'));
  const root = path.resolve(import.meta.dirname, '..');
  const vite = path.resolve(root, '../../node_modules/vite/bin/vite.js');
  // In a process of its own: its native parts do not run inside Jest.
  execFileSync(process.execPath, [vite, 'build', '--outDir', dir, '--emptyOutDir'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
