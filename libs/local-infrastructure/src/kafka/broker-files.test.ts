import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { areBrokerFilesHere, ensureBrokerFiles, kafkaVersion } from './broker-files.ts';

let dir: string;
const before = { PATH: process.env['PATH'], WARDLINE_KAFKA_CACHE: process.env['WARDLINE_KAFKA_CACHE'] };

/** A Maven that takes a moment and notes that it was asked. */
function fakeMaven(body: string): void {
  const bin = path.join(dir, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh\necho asked >>${path.join(dir, 'asked')}\n${body}\n`;
  writeFileSync(path.join(bin, 'mvn'), script);
  chmodSync(path.join(bin, 'mvn'), 0o755);
  process.env['PATH'] = `${bin}${path.delimiter}${before.PATH}`;
}

const fetching =
  'for a in "$@"; do case "$a" in -DoutputDirectory=*) out=${a#*=};; esac; done; mkdir -p "$out"; sleep 0.2; echo >"$out/kafka.jar"';
const timesAsked = () => readFileSync(path.join(dir, 'asked'), 'utf8').trim().split('\n').length;

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-broker-files-'));
  process.env['WARDLINE_KAFKA_CACHE'] = path.join(dir, 'cache');
});
afterEach(() => {
  process.env['PATH'] = before.PATH;
  if (before.WARDLINE_KAFKA_CACHE === undefined) delete process.env['WARDLINE_KAFKA_CACHE'];
  else process.env['WARDLINE_KAFKA_CACHE'] = before.WARDLINE_KAFKA_CACHE;
  rmSync(dir, { recursive: true, force: true });
});

describe('ensureBrokerFiles', () => {
  it('fetches once for everybody who asks at the same time', async () => {
    fakeMaven(fetching);
    const classPaths = await Promise.all([ensureBrokerFiles(), ensureBrokerFiles(), ensureBrokerFiles()]);
    expect(new Set(classPaths).size).toBe(1);
    expect(classPaths[0]).toMatch(/kafka\.jar$/);
    expect(timesAsked()).toBe(1);
  });

  it('keeps nothing of a fetch that failed, and says why it did', async () => {
    fakeMaven('echo no route to the repository >&2; exit 1');
    await expect(ensureBrokerFiles()).rejects.toMatchObject({
      code: 'infrastructure-fetch-failed',
      message: expect.stringContaining('no route to the repository') as string,
    });
    expect(areBrokerFilesHere()).toBe(false);
    fakeMaven(fetching);
    await ensureBrokerFiles();
    expect(areBrokerFilesHere()).toBe(true);
  });

  it('does not wait for a fetcher that died', async () => {
    fakeMaven(fetching);
    await ensureBrokerFiles();
    const folder = path.join(dir, 'cache');
    const [name] = readdirSync(folder);
    rmSync(path.join(folder, name!), { recursive: true });
    // The largest pid of Linux is below this one.
    appendFileSync(path.join(folder, `${name}.lock`), '4194999');
    await ensureBrokerFiles();
    expect(timesAsked()).toBe(2);
  });

  it('knows the version from the pom', () => {
    expect(kafkaVersion).toMatch(/^4\.\d+\.\d+$/);
  });
});
