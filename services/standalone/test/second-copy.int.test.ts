import { RunningCopy } from '../src/testing/running-copy.ts';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { checkout } from '../src/config.ts';

/** A start that ends by itself, with what it said. */
function failedStart(env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [path.join(checkout, 'services/standalone/src/main.ts')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, said })));
}

describe('a second start', () => {
  const copy = new RunningCopy();
  beforeAll(() => copy.start(), 180_000);
  afterAll(() => copy.dispose(), 60_000);

  it('on the same data is refused, says where the first one is, and does not disturb it', async () => {
    const { pid, publicUrl } = copy.run;
    const { code, said } = await failedStart({ WARDLINE_DATA: copy.dataDir, WARDLINE_PORT: '0' });
    expect(code).toBe(1);
    expect(said).toContain(publicUrl);
    expect(copy.run.pid).toBe(pid);
    expect((await fetch(`${publicUrl}/healthz`)).status).toBe(200);
  });

  it('on a port that somebody has says which variable to set', async () => {
    const other = new RunningCopy({ WARDLINE_PORT: String(copy.run.port) });
    await expect(other.start()).rejects.toThrow(/WARDLINE_PORT/);
    await other.dispose();
  });

  it('with another port and folder runs beside the first', async () => {
    const other = new RunningCopy();
    await other.start();
    expect((await fetch(`${other.run.publicUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${copy.run.publicUrl}/healthz`)).status).toBe(200);
    const { code, ms } = await other.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(30_000);
    await other.dispose();
  }, 120_000);

  it('with a broken environment ends before it touches anything', async () => {
    const { code, said } = await failedStart({
      WARDLINE_PORT: 'abc',
      WARDLINE_DATA: path.join(copy.dataDir, 'never'),
    });
    expect(code).toBe(2);
    expect(said).toContain('WARDLINE_PORT');
  });
});
