import { spawn } from 'node:child_process';
import { commandOf, endProcess, isOurs } from './orphans.ts';

const sleeper = (marker: string, ignoreTerm = false) => {
  const child = spawn(
    process.execPath,
    [
      '-e',
      `${ignoreTerm ? "process.on('SIGTERM', () => {});" : ''} console.log('up'); setInterval(() => {}, 1000)`,
      marker,
    ],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const up = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { pid: child.pid ?? 0, up, gone };
};

describe('processes of a killed run', () => {
  it('are ended when they are ours', async () => {
    const child = sleeper('our-marker');
    await child.up;
    expect(isOurs(child.pid, 'our-marker')).toBe(true);
    await endProcess(child.pid, 'our-marker');
    await child.gone;
    expect(commandOf(child.pid)).toBeUndefined();
  });

  it('are ended even when they do not listen', async () => {
    const child = sleeper('our-marker', true);
    await child.up;
    await endProcess(child.pid, 'our-marker', 100);
    await child.gone;
  });

  it('are left alone when their pid belongs to somebody else now', async () => {
    const child = sleeper('a stranger');
    await child.up;
    await endProcess(child.pid, 'our-marker');
    expect(commandOf(child.pid)).toContain('a stranger');
    process.kill(child.pid, 'SIGKILL');
    await child.gone;
  });
});
