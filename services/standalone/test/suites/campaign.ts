import type { RunningCopy } from '../../src/testing/running-copy.ts';

interface Verdict {
  readonly ok: boolean;
  readonly wrong: number;
  readonly violations: readonly unknown[];
  readonly rows: readonly { readonly verdict: string; readonly reasons: readonly string[] }[];
}

/**
 * A reminder campaign for simulated patients, in audio, judged by a checker that knows what each of them wanted and believes
 * nothing that the platform says of itself (`npm run eval -- campaign`).
 */
export function describeCampaign(copy: RunningCopy, patients: number): void {
  describe('a reminder campaign', () => {
    it(
      `for ${patients} patients: nobody is misunderstood, nobody is called who must not be, a pause holds`,
      async () => {
        const run = await copy.command('tools/cli/eval.ts', [
          'campaign',
          '--patients',
          String(patients),
          '--json',
        ]);
        const last = run.stdout.trim().split('\n').at(-1) ?? '';
        if (!last.startsWith('{')) throw new Error(`no verdict; it said:\n${run.stdout}\n${run.stderr}`);
        const verdict = JSON.parse(last) as Verdict;
        const wrong = verdict.rows.filter(({ verdict: word }) => word === 'wrong');
        expect({ wrong, violations: verdict.violations }).toEqual({ wrong: [], violations: [] });
        if (run.code !== 0) throw new Error(`it ended with ${run.code}:\n${run.stderr}\n${last}`);
      },
      30 * 60_000,
    );
  });
}
