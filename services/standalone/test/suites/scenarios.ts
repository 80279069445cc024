import type { CommandResult, RunningCopy } from '../../src/testing/running-copy.ts';

/** How many simulated callers talk at once: enough to be quick, few enough for two cores. */
const callsAtOnce = 3;

/**
 * Every scenario of the carrier simulator against the whole platform, in audio. A scenario passes when `npm run call`
 * ends with 0, which it does only when the end state in the database is right.
 */
export function describeScenarios(copy: RunningCopy, names: readonly string[], atOnce = callsAtOnce): void {
  describe('scenarios', () => {
    const results = new Map<string, Promise<CommandResult>>();
    beforeAll(() => {
      const waiting = [...names];
      const take = async (): Promise<void> => {
        for (let name = waiting.shift(); name; name = waiting.shift()) {
          const settle = settlers.get(name);
          settle?.(await copy.call('--scenario', name));
        }
      };
      const settlers = new Map<string, (result: CommandResult) => void>();
      for (const name of names) results.set(name, new Promise((resolve) => settlers.set(name, resolve)));
      for (let i = 0; i < atOnce; i++) void take();
    });

    it.each(names)(
      '%s',
      async (name) => {
        const result = await results.get(name);
        if (result?.code !== 0)
          throw new Error(
            `npm run call -- --scenario ${name} ended with ${result?.code}\n${result?.stdout}\n${result?.stderr}`,
          );
      },
      600_000,
    );
  });
}
