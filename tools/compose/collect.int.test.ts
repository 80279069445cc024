import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

describe('what an image holds', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'wardline-collect-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    ['services/event-relay', 'WARDLINE_DB_BUS'],
    ['services/directory', 'WARDLINE_DB_DIRECTORY'],
  ])('is all that %s needs, and not what development needs', (packageDir, firstWanted) => {
    execFileSync(process.execPath, [path.join(root, 'deploy/collect.mjs'), packageDir, dir]);
    const image = path.join(dir, 'packages');
    cpSync(path.join(dir, 'code'), image, { recursive: true });
    // Everything is imported before the configuration is read, which then finds nothing.
    const started = spawnSync(process.execPath, ['src/main.ts'], {
      cwd: path.join(image, packageDir),
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(started.stderr).toContain(`${firstWanted}: is required and not set`);
    const holds = (name: string) => existsSync(path.join(image, 'node_modules', name));
    expect(['pg', '@wardline/persistence', 'kafkajs'].map(holds)).toEqual([true, true, true]);
    expect(
      ['typescript', 'prisma', 'testcontainers', 'jest', '@wardline/local-infrastructure'].map(holds),
    ).toEqual([false, false, false, false, false]);
  });
});
