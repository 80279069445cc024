import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPrivateJson, writePrivateJson } from './private-files.ts';
import { loadSecrets } from './secrets.ts';

describe('files of the installation', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'wardline-files-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('are readable by our user only', () => {
    const file = path.join(dir, 'a.json');
    writePrivateJson(file, { a: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readPrivateJson(file)).toEqual({ a: 1 });
  });

  it('are undefined when absent and a clear error when damaged', () => {
    const file = path.join(dir, 'b.json');
    expect(readPrivateJson(file)).toBeUndefined();
    writeFileSync(file, '{"half":');
    expect(() => readPrivateJson(file)).toThrow(/damaged/);
  });

  it('keep the secrets over restarts, and add a password for a role that is new', () => {
    const first = loadSecrets(dir, ['wardline_a']);
    const second = loadSecrets(dir, ['wardline_a', 'wardline_b']);
    expect(second.serviceKey).toBe(first.serviceKey);
    expect(second.simulator).toEqual(first.simulator);
    expect(second.rolePasswords.wardline_a).toBe(first.rolePasswords.wardline_a);
    expect(second.rolePasswords.wardline_b).toHaveLength(32);
    expect(new Set([first.serviceKey, first.streamKey, first.masterKey]).size).toBe(3);
  });
});
