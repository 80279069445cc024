import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One small file per port says where the copy that listens there keeps its state. Only for our own user. */
const notesDir = () => path.join(tmpdir(), `wardline-${process.getuid?.() ?? 'user'}`);
const noteOf = (port: number) => path.join(notesDir(), `port-${port}`);

/** Anybody may make folders in the temporary one: only a folder of ours that nobody else may write to is believed. */
function isOurs(dir: string): boolean {
  if (!existsSync(dir)) return false;
  const { uid, mode } = lstatSync(dir);
  return lstatSync(dir).isDirectory() && uid === (process.getuid?.() ?? uid) && (mode & 0o077) === 0;
}

/** Notes where the copy on this port keeps its state, so that command line tools find it by the port alone. */
export function noteDataDir(port: number, dataDir: string): void {
  mkdirSync(notesDir(), { recursive: true, mode: 0o700 });
  if (isOurs(notesDir())) writeFileSync(noteOf(port), dataDir, { mode: 0o600 });
}

export function forgetDataDir(port: number): void {
  if (isOurs(notesDir())) rmSync(noteOf(port), { force: true });
}

/**
 * Where the running copy that this shell means keeps its state: `WARDLINE_DATA`; else where the copy on `WARDLINE_PORT` (8080
 * when not set) has noted it; else `.wardline` in the checkout.
 */
export function dataDirOf(env: Record<string, string | undefined>, checkout: string): string {
  if (env['WARDLINE_DATA']) return path.resolve(env['WARDLINE_DATA']);
  const note = noteOf(Number(env['WARDLINE_PORT'] || 8080));
  if (isOurs(notesDir()) && existsSync(note)) {
    const dataDir = readFileSync(note, 'utf8');
    if (existsSync(path.join(dataDir, 'run.json'))) return dataDir;
  }
  return path.join(checkout, '.wardline');
}
