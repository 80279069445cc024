import { createSilentLogger } from '@wardline/observability';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { superviseProcess } from './supervised-process.ts';

describe('a process', () => {
  const logDir = mkdtempSync(path.join(tmpdir(), 'wardline-supervised-'));
  afterAll(() => rmSync(logDir, { recursive: true }));

  /** What one tells of itself. */
  async function started(name: string, o: { inBackground: boolean }) {
    const file = path.join(logDir, `${name}.json`);
    const one = superviseProcess({
      ...{ name, logDir, ...o, logger: createSilentLogger() },
      env: { PATH: process.env.PATH, TELL_FILE: file },
      entry: path.join(import.meta.dirname, 'testing', 'telling-process.ts'),
    });
    await one.start();
    await one.close();
    return JSON.parse(readFileSync(file, 'utf8')) as { niceness: number; heapMbMax: number };
  }

  it('in the background yields to the others and has a small heap', async () => {
    const nicer = Math.min(getPriority() + 5, 19);
    const one = await started('background', { inBackground: true });
    expect(one).toMatchObject({ niceness: nicer });
    expect(one.heapMbMax).toBeLessThan(600);
  });

  it('that people wait for does not', async () => {
    expect(await started('foreground', { inBackground: false })).toMatchObject({ niceness: getPriority() });
  });
});
