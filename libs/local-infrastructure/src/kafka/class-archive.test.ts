import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheDir } from './broker-files.ts';
import { ensureClassArchive } from './class-archive.ts';

let dir: string;
const before = process.env['WARDLINE_KAFKA_CACHE'];

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-class-archive-'));
  process.env['WARDLINE_KAFKA_CACHE'] = dir;
  mkdirSync(cacheDir(), { recursive: true });
});
afterEach(() => {
  if (before === undefined) delete process.env['WARDLINE_KAFKA_CACHE'];
  else process.env['WARDLINE_KAFKA_CACHE'] = before;
  rmSync(dir, { recursive: true, force: true });
});

describe('ensureClassArchive', () => {
  it('rehearses once for everybody, and hands out what came of it', async () => {
    let rehearsals = 0;
    const rehearse = async ([option = '']: readonly string[]) => {
      rehearsals++;
      writeFileSync(option.replace('-XX:ArchiveClassesAtExit=', ''), 'classes');
    };
    const files = await Promise.all([ensureClassArchive(rehearse), ensureClassArchive(rehearse)]);
    expect(rehearsals).toBe(1);
    expect(files[0]).toBe(files[1]);
    expect(readFileSync(files[0] ?? '', 'utf8')).toBe('classes');
  });

  it('goes without one where it cannot be made, and does not try for ever', async () => {
    let rehearsals = 0;
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
    const rehearse = async () => {
      rehearsals++;
      throw new Error('no');
    };
    expect(await ensureClassArchive(rehearse, logger)).toBeUndefined();
    expect(await ensureClassArchive(rehearse, logger)).toBeUndefined();
    expect(rehearsals).toBe(1);
    expect(warnings).toHaveLength(1);
  });
});
