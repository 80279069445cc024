import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Personal } from '@wardline/personal-data';
import { createFieldCipher } from './field-cipher.ts';
import { createFileKeyring } from './file-keyring.ts';

const tenant = '01930000-0000-7000-8000-00000000a001';
const masterKey = Buffer.alloc(32, 3).toString('base64');
const cli = fileURLToPath(new URL('../../../tools/cli/keys.ts', import.meta.url));

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(os.tmpdir(), 'wardline-data-'));
  writeFileSync(path.join(data, 'secrets.json'), JSON.stringify({ masterKey }));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

function keys(...args: string[]) {
  const env = { PATH: process.env['PATH'], WARDLINE_DATA: data };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('npm run keys', () => {
  it('rotates the key of a tenant while a process uses it; nothing becomes unreadable', () => {
    const keyring = createFileKeyring({ dir: path.join(data, 'keys'), masterKey, freshMs: 0 });
    const cipher = createFieldCipher(keyring);
    const sealed = cipher.seal(tenant, Personal.of('Robin'), 'a.b');
    const { status, stdout } = keys('rotate', '--tenant', tenant);
    expect(status).toBe(0);
    const keyId = /-> (k2-[0-9a-f]{8})/.exec(stdout)?.[1];
    expect(cipher.open(tenant, sealed, 'a.b').reveal()).toBe('Robin');
    expect(cipher.needsReseal(tenant, sealed)).toBe(true);
    expect(cipher.seal(tenant, Personal.of('Robin'), 'a.b').split('.')[0]).toBe(keyId);
    expect(keys('list').stdout).toBe(`${tenant}  ${sealed.split('.')[0]} ${keyId}\n`);
  });

  it('explains itself', () => {
    expect(keys('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('rotate --tenant ID') as string,
    });
  });

  it.each([
    [['rotate'], 'rotate needs --tenant ID'],
    [['rotate', '--tenant', tenant], 'has no keys here'],
    [['rotate', '--tenant', '../secrets'], 'must be a UUID'],
    [['destroy'], 'unknown command'],
    [['rotate', '--all'], "Unknown option '--all'"],
    [['list', '--data', '/nonexistent'], 'there is no installation'],
  ])('refuses %j in one line and changes nothing', (args, problem) => {
    const { status, stderr } = keys(...args);
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, lines: 1 });
    expect(stderr).toContain(problem);
    expect(readdirSync(data)).toEqual(['secrets.json']);
  });
});
