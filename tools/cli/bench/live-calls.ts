import {
  percentile,
  runScenario,
  type CallResult,
  type RunningCopy,
} from '@wardline/carrier-simulator/harness';

/** Callers of several kinds, so that the figure is not that of one sentence. */
const scenarios = ['plain-booking', 'disordered-webhooks', 'caller-interrupts', 'pcma-booking'] as const;
export const turnsMin = 50;
/** When calls have few turns, more calls are made than asked for, but not without end. */
const callsFactorMax = 3;

export interface LiveCalls {
  readonly calls: readonly CallResult[];
  /** Calls that did not end as their scenario says; their turns count all the same. */
  readonly failed: number;
}

/**
 * Whole simulated calls, `parallel` at a time, until there were `calls` of them and {@link turnsMin} turns, and for as long
 * as `goOn` says so.
 */
export async function makeCalls(o: {
  readonly copy: RunningCopy;
  readonly calls: number;
  readonly parallel: number;
  readonly goOn?: () => boolean;
  readonly say: (line: string) => void;
}): Promise<LiveCalls> {
  const calls: CallResult[] = [];
  let failed = 0;
  let started = 0;
  const enough = () =>
    o.goOn?.() !== true &&
    (started >= o.calls * callsFactorMax || (started >= o.calls && turnsOf(calls).length >= turnsMin));
  const caller = async (k: number): Promise<void> => {
    while (!enough()) {
      const name = scenarios[started++ % scenarios.length]!;
      const result = await runScenario(name, { copy: o.copy, share: { k, n: o.parallel } });
      calls.push(...result.calls);
      failed += result.ok ? 0 : 1;
      const latencies = turnsOf(result.calls);
      o.say(
        `${result.ok ? 'ok    ' : 'FAILED'} ${name}: ${latencies.length} turns, p50 ${rounded(percentile(latencies, 50))} ms${result.ok ? '' : ` (${result.calls.flatMap((c) => c.problems).join('; ')})`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: o.parallel }, (_, k) => caller(k)));
  return { calls, failed };
}

/** From the caller's last voiced sample to the agent's first audible one, of every turn, in milliseconds. */
export const turnsOf = (calls: readonly CallResult[]): number[] =>
  calls.flatMap((c) => c.report.metrics.turns.map((t) => t.latencyMs));

export const spread = (values: readonly number[]) => ({
  count: values.length,
  p50: rounded(percentile(values, 50)),
  p95: rounded(percentile(values, 95)),
  p99: rounded(percentile(values, 99)),
  max: rounded(percentile(values, 100)),
});
export const rounded = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms));
