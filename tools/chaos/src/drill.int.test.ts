// The drill as a person runs it: as a program, judged by its exit code and its last line.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describeWithKafka } from '@wardline/local-infrastructure';
import type { Summary } from './drill.ts';

const chaos = path.resolve(import.meta.dirname, '../../cli/chaos.ts');
const MINUTES = 60_000;

async function drill(...args: string[]): Promise<{ code: number | null; summary: Summary; said: string }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', chaos, 'events', '--json', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let said = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`the drill ended with ${code} and no summary:\n${said}`);
  return { code, summary: JSON.parse(last) as Summary, said };
}

const nothingWrong = {
  lost: 0,
  doubled: 0,
  outOfOrder: 0,
  invented: 0,
  waiting: 0,
  findings: [],
  neverBack: [],
};

describeWithKafka(
  'the events drill on a cluster of three brokers',
  () => {
    it(
      'finds nothing lost, doubled or out of order after 45 s of kills',
      async () => {
        const { code, summary, said } = await drill('--seconds', '45');
        // The kill log tells where to look; the seed is in it.
        process.stderr.write(said);
        expect(summary).toMatchObject({ ok: true, ...nothingWrong });
        expect(code).toBe(0);
        expect(summary.produced).toBeGreaterThan(500);
        for (const kind of [
          'broker',
          'relay',
          'consumer before-commit',
          'consumer after-commit',
          'postgres SIGKILL',
        ])
          expect([kind, summary.kills[kind]]).toEqual([kind, expect.any(Number)]);
      },
      6 * MINUTES,
    );
  },
  { own: true },
);

describe('the events drill on the log in Postgres', () => {
  it(
    'finds nothing lost, doubled or out of order after 20 s of kills',
    async () => {
      const { code, summary, said } = await drill('--bus', 'postgres', '--seconds', '20');
      process.stderr.write(said);
      expect(summary).toMatchObject({ ok: true, ...nothingWrong });
      expect(code).toBe(0);
    },
    4 * MINUTES,
  );

  // Seeds under which the fatal kill comes early: the drill must notice, whatever else is slow.
  it.each([
    ['inbox-off', 'doubled', '13'],
    ['commit-first', 'lost', '13'],
    ['relay-by-id', 'lost', '13'],
  ] as const)(
    'fails when %s is planted: %s',
    async (plant, what, seed) => {
      const short = ['--bus', 'postgres', '--seconds', '10', '--settle', '3', '--seed', seed];
      const { code, summary } = await drill(...short, '--plant', plant);
      expect(code).toBe(1);
      expect(summary.ok).toBe(false);
      expect(summary[what]).toBeGreaterThan(0);
    },
    3 * MINUTES,
  );
});
