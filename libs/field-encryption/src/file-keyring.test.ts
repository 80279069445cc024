import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileKeyring } from './file-keyring.ts';
import { createMemoryKeyring, describeKeyring } from './testing/index.ts';

const tenant = '01930000-0000-7000-8000-00000000a001';
const masterKey = Buffer.alloc(32, 1).toString('base64');
const dirs: string[] = [];

function newDir(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-keys-'));
  dirs.push(dir);
  return dir;
}
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

describeKeyring('files', () => createFileKeyring({ dir: newDir(), masterKey }));
describeKeyring('memory', createMemoryKeyring);

describe('file keyring', () => {
  it('opens after a restart what was sealed before', () => {
    const dir = newDir();
    const before = createFileKeyring({ dir, masterKey }).sealingKey(tenant);
    expect(createFileKeyring({ dir, masterKey }).sealingKey(tenant)).toEqual(before);
  });

  it('learns at once of a key that another process made, when it meets one', () => {
    const dir = newDir();
    const [here, there] = [
      createFileKeyring({ dir, masterKey, now: () => 0 }),
      createFileKeyring({ dir, masterKey }),
    ];
    here.sealingKey(tenant);
    const { keyId } = there.rotate(tenant);
    expect(here.openingKey(tenant, keyId).id).toBe(keyId);
  });

  it('seals with a key that another process made once its picture is no longer fresh', () => {
    const dir = newDir();
    let now = 0;
    const here = createFileKeyring({ dir, masterKey, now: () => now, freshMs: 1000 });
    const first = here.sealingKey(tenant);
    const { keyId } = createFileKeyring({ dir, masterKey }).rotate(tenant);
    now = 999;
    expect(here.sealingKey(tenant).id).toBe(first.id);
    now = 1000;
    expect(here.sealingKey(tenant).id).toBe(keyId);
  });

  it('keeps keys wrapped, in files that are ours alone', () => {
    const dir = newDir();
    const keyring = createFileKeyring({ dir, masterKey });
    const { key } = keyring.sealingKey(tenant);
    const folder = path.join(dir, tenant);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).sort()).toEqual(['000001.key', 'index.key']);
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const text = readFileSync(file, 'utf8');
      for (const encoding of ['base64', 'base64url', 'hex'] as const) {
        expect(text).not.toContain(Buffer.from(key).toString(encoding));
      }
    }
  });

  it('says so when the master key is another, and does not make new keys beside the old', () => {
    const dir = newDir();
    createFileKeyring({ dir, masterKey }).sealingKey(tenant);
    const other = createFileKeyring({ dir, masterKey: Buffer.alloc(32, 2).toString('base64') });
    for (const use of [
      () => other.sealingKey(tenant),
      () => other.rotate(tenant),
      () => other.indexKey(tenant),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'master-key-wrong' }) as Error);
    }
    expect(readdirSync(path.join(dir, tenant))).toHaveLength(2);
  });

  it("does not open a key file that was put into another tenant's folder or under another number's id", () => {
    const dir = newDir();
    const other = '01930000-0000-7000-8000-00000000b001';
    const keyring = createFileKeyring({ dir, masterKey });
    keyring.sealingKey(tenant);
    keyring.sealingKey(other);
    const from = path.join(dir, tenant, '000001.key');
    writeFileSync(path.join(dir, other, '000002.key'), readFileSync(from));
    expect(() => createFileKeyring({ dir, masterKey }).sealingKey(other)).toThrow(/does not open/);
  });

  it.each(['', 'short', Buffer.alloc(31).toString('base64')])('refuses the master key "%s"', (bad) => {
    expect(() => createFileKeyring({ dir: newDir(), masterKey: bad })).toThrow(
      expect.objectContaining({ code: 'master-key-invalid' }) as Error,
    );
  });

  it('says which file is damaged', () => {
    const dir = newDir();
    createFileKeyring({ dir, masterKey }).sealingKey(tenant);
    writeFileSync(path.join(dir, tenant, '000001.key'), '{"format":1');
    expect(() => createFileKeyring({ dir, masterKey }).sealingKey(tenant)).toThrow(
      /000001\.key cannot be read/,
    );
  });

  it('makes no new key to open what an erased tenant had sealed', () => {
    const dir = newDir();
    const keyring = createFileKeyring({ dir, masterKey, freshMs: 0 });
    const { id } = keyring.sealingKey(tenant);
    rmSync(path.join(dir, tenant), { recursive: true });
    expect(() => keyring.openingKey(tenant, id)).toThrow(
      expect.objectContaining({ code: 'key-unknown' }) as Error,
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  it('goes on after a version in the middle was removed', () => {
    const dir = newDir();
    const keyring = createFileKeyring({ dir, masterKey });
    keyring.rotate(tenant);
    const { keyId } = keyring.rotate(tenant);
    rmSync(path.join(dir, tenant, '000002.key'));
    expect(keyring.keyIds(tenant).at(-1)).toBe(keyId);
    expect(keyring.rotate(tenant).keyId).toMatch(/^k4-/);
  });
});

describe('several processes with one folder', () => {
  /** Runs `code` in `n` processes that all begin at the same word. */
  async function together(n: number, code: string): Promise<string[]> {
    const module = fileURLToPath(new URL('./file-keyring.ts', import.meta.url));
    const script = `
      const { createFileKeyring } = await import(${JSON.stringify(module)});
      process.stdout.write('ready\\n');
      process.stdin.once('data', () => { ${code}; process.exit(0); });`;
    const children = Array.from({ length: n }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const outputs = children.map(() => '');
    await Promise.all(
      children.map(
        (child, i) =>
          new Promise<void>((resolve, reject) => {
            child.once('error', reject);
            child.stdout.on('data', (chunk: Buffer) => {
              outputs[i] += chunk.toString();
              resolve();
            });
          }),
      ),
    );
    const ends = children.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of children) child.stdin.write('go\n');
    await Promise.all(ends);
    return outputs.map((output) => output.replace('ready\n', ''));
  }
  const open = (dir: string): string => `const k = createFileKeyring(${JSON.stringify({ dir, masterKey })})`;

  it('agree on the first key of a tenant', async () => {
    const dir = newDir();
    const seen = await together(
      4,
      `${open(dir)}; process.stdout.write(k.sealingKey('${tenant}').id + Buffer.from(k.indexKey('${tenant}')).toString('hex'))`,
    );
    expect(seen[0]).not.toBe('');
    expect(new Set(seen).size).toBe(1);
  });

  it('rotate at the same time without losing a key', async () => {
    const dir = newDir();
    const seen = await together(
      4,
      `${open(dir)}; process.stdout.write([1,2,3].map(() => k.rotate('${tenant}').keyId).join())`,
    );
    const made = seen.flatMap((output) => output.split(','));
    const kept = createFileKeyring({ dir, masterKey }).keyIds(tenant);
    expect(kept).toHaveLength(13);
    expect(kept).toEqual(expect.arrayContaining(made));
  });
});
