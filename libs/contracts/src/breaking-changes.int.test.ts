import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

describe('the breaking-change check of the contracts', () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'wardline-contracts-'));
    cpSync(path.join(root, 'proto'), path.join(copy, 'proto'), { recursive: true });
    cpSync(path.join(root, 'libs/event-bus/src/topics.ts'), path.join(copy, 'topics.ts'));
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const check = () => {
    const env = {
      ...process.env,
      WARDLINE_PROTO_DIR: path.join(copy, 'proto'),
      WARDLINE_TOPICS_FILE: path.join(copy, 'topics.ts'),
    };
    const tool = path.join(root, 'tools/contracts/check-breaking.mjs');
    const { status, stdout } = spawnSync(process.execPath, [tool], { env, encoding: 'utf8' });
    return { status, stdout };
  };
  const edit = (file: string, from: string | RegExp, to: string) => {
    const text = readFileSync(path.join(copy, file), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path.join(copy, file), text.replace(from, to));
  };
  const calls = 'proto/wardline/events/v1/calls.proto';

  it('passes what is in the repository', () => {
    expect(check()).toMatchObject({ status: 0 });
  });

  it.each<[string, string, string]>([
    ['a new field', 'string clinic_id = 2;', 'string clinic_id = 2;\n  string ward = 99;'],
    ['a new enum value', 'CALL_STATE_FAILED = 8;', 'CALL_STATE_FAILED = 8;\n  CALL_STATE_PARKED = 9;'],
    ['a comment', '// What the call achieved for the caller.', '// What came of it.'],
  ])('lets %s through', (_, from, to) => {
    edit(calls, from, to);
    expect(check()).toMatchObject({ status: 0 });
  });

  it.each<[string, string, string, string]>([
    [
      'removed',
      'string clinic_id = 2;',
      '',
      '"2" with name "clinic_id" on message "CallInitiated" was deleted',
    ],
    [
      'removed, although its number and name are reserved',
      'string clinic_id = 2;',
      'reserved 2;\n  reserved "clinic_id";',
      'was deleted',
    ],
    ['renamed, although its number stays', 'string clinic_id = 2;', 'string hospital_id = 2;', 'json_name'],
    [
      'given another name in JSON',
      'string clinic_id = 2;',
      'string clinic_id = 2 [json_name = "clinic"];',
      'json_name',
    ],
    ['given another number', 'string clinic_id = 2;', 'string clinic_id = 22;', 'was deleted'],
    ['given another type on the wire', 'string clinic_id = 2;', 'int32 clinic_id = 2;', 'type'],
  ])('refuses a field that is %s', (_, from, to, reason) => {
    edit(calls, from, to);
    const { status, stdout } = check();
    expect(status).toBe(1);
    expect(stdout).toContain(reason);
    expect(stdout).toContain('this would break consumers');
  });

  it.each<[string, string, string]>([
    ['removed', '  CALL_STATE_QUEUED = 1;\n', ''],
    ['renamed', 'CALL_STATE_QUEUED = 1', 'CALL_STATE_WAITING = 1'],
    ['given another number', 'CALL_STATE_QUEUED = 1', 'CALL_STATE_QUEUED = 19'],
  ])('refuses an enum value that is %s', (_, from, to) => {
    edit(calls, from, to);
    expect(check()).toMatchObject({ status: 1, stdout: expect.stringContaining('CALL_STATE_QUEUED') });
  });

  it('refuses a message that is gone', () => {
    edit(calls, /\/\/ Topic calls\.escalated[^]*$/, '');
    expect(check()).toMatchObject({ status: 1, stdout: expect.stringContaining('CallEscalated') });
  });

  const ofCallsInitiated = (property: string) => new RegExp(`(?<='calls\\.initiated': \\{[^}]*)${property}`);
  it.each<[string, RegExp, string, string]>([
    ['has another number of partitions', /partitions: 10/, 'partitions: 12', 'partitions was 10, is 12'],
    ['has another key', /'call id'/, "'clinic id'", 'key was call id, is clinic id'],
    ['is compacted all at once', /\.\.\.kept/, '...newestKept', 'compacted was false, is true'],
    ['is no longer for integrators', /egress: true/, 'egress: false', 'may no longer subscribe'],
    ['carries another message', /CallInitiated/, 'CallBegun', 'no longer carries'],
    ['is gone', /'calls\.initiated'/, "'calls.begun'", 'calls.initiated: the topic is gone'],
  ])('refuses a topic that %s', (what, from, to, problem) => {
    edit('topics.ts', what === 'is gone' ? from : ofCallsInitiated(from.source), to);
    expect(check()).toMatchObject({ status: 1, stdout: expect.stringContaining(problem) });
  });

  it('refuses a topic that nobody has written down, so that the next change of it is noticed', () => {
    edit('topics.ts', /const declared = \{/, "const declared = { 'a.b': { ...kept, messageTypes: [] },");
    expect(check()).toMatchObject({ status: 1, stdout: expect.stringContaining('a.b: is new') });
  });
});
