import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./testing/fixture/service.ts', import.meta.url));

function run(mode: string, forked = false) {
  const child: ChildProcess = forked
    ? fork(script, [mode], { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    : spawn(process.execPath, [script, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const { text, resolve } of waiting) if (out.includes(text)) resolve();
  });
  // Not 'close', which never comes for a child whose IPC channel was disconnected from here.
  const ended = Promise.all([once(child, 'exit'), child.stdout && once(child.stdout, 'end')]).then(
    ([[code]]) => ({
      code: code as number,
      out,
    }),
  );
  const said = (text: string): Promise<void> =>
    out.includes(text) ? Promise.resolve() : new Promise((resolve) => waiting.push({ text, resolve }));
  return { child, ended, said };
}

describe('runUntilSignal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops on %s and exits 0', async (signal) => {
    const { child, ended, said } = run('');
    await said('started');
    child.kill(signal);
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).toContain('"message":"closed"');
  });

  it('stops when the parent that forked it is gone', async () => {
    const { child, ended, said } = run('', true);
    await said('started');
    child.disconnect();
    const { code, out } = await ended;
    expect([code, out.includes('parent-gone'), out.includes('closed')]).toEqual([0, true, true]);
  });

  it('tells the parent that forked it when it has started', async () => {
    const { child, ended } = run('', true);
    expect(await once(child, 'message')).toEqual([{ ready: true }, undefined]);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('exits 1 when it cannot start', async () => {
    const { code, out } = await run('cannot-start').ended;
    expect(code).toBe(1);
    expect(out).toContain('port taken');
  });

  it('exits 1 when it cannot stop in time', async () => {
    const { child, ended, said } = run('cannot-stop');
    await said('started');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect([code, out.includes('did not stop in time')]).toEqual([1, true]);
  });

  it('logs an error nobody caught, closes, and exits 1', async () => {
    const { code, out } = await run('throws').ended;
    expect(code).toBe(1);
    expect(out).toContain('nobody caught this');
    expect(out).toContain('"message":"closed"');
  });
});
