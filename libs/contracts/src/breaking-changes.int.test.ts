import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const check = (protoDir: string) =>
  spawnSync(process.execPath, [path.join(root, 'tools/contracts/check-breaking.mjs')], {
    env: { ...process.env, WARDLINE_PROTO_DIR: protoDir },
    encoding: 'utf8',
  });

describe('the breaking-change check of the contracts', () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'wardline-proto-'));
    cpSync(path.join(root, 'proto'), copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const edit = (from: string, to: string) => {
    const file = path.join(copy, 'wardline/events/v1/calls.proto');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };

  it('passes what is in the repository', () => {
    expect(check(path.join(root, 'proto')).status).toBe(0);
  });

  it('lets a new field through', () => {
    edit('string clinic_id = 2;', 'string clinic_id = 2;\n  string ward = 99;');
    expect(check(copy).status).toBe(0);
  });

  it('refuses a field whose name in JSON changes, although its number stays', () => {
    edit('string clinic_id = 2;', 'string hospital_id = 2;');
    expect(check(copy).status).toBe(1);
  });

  it('refuses a field whose type on the wire changes', () => {
    edit('string clinic_id = 2;', 'int32 clinic_id = 2;');
    expect(check(copy).status).toBe(1);
  });
});
