import {
  findRunningCopy,
  percentile,
  runScenario,
  type CallResult,
  type ScenarioResult,
} from '@wardline/carrier-simulator/harness';
import type { Benchmark } from './benchmark.ts';

/** Callers of several kinds, so that the figure is not that of one sentence. */
const scenarios = ['plain-booking', 'disordered-webhooks', 'caller-interrupts', 'pcma-booking'] as const;
const turnsMin = 50;
/** When calls have few turns, more calls are made than asked for, but not without end. */
const callsFactorMax = 3;

const spread = (values: readonly number[]) => ({
  count: values.length,
  p50: rounded(percentile(values, 50)),
  p95: rounded(percentile(values, 95)),
  p99: rounded(percentile(values, 99)),
  max: rounded(percentile(values, 100)),
});
const rounded = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms));

/**
 * Turn latency from the caller's last voiced sample to the agent's first audible one, and interruption to silence, as
 * the simulated carrier hears them.
 *   --calls N     calls to make (default 12; more until 50 turns are measured)
 *   --parallel P  callers at a time (default 1)
 */
export const turns: Benchmark = {
  name: 'turns',
  summary: 'turn latency, interruption to silence and gaps, over whole calls',
  async run(options, say) {
    const calls = Math.max(1, Number(options['calls'] ?? 12));
    const parallel = Math.max(1, Number(options['parallel'] ?? 1));
    const copy = findRunningCopy();
    const results: ScenarioResult[] = [];
    let started = 0;
    const enough = () =>
      started >= calls * callsFactorMax ||
      (started >= calls && measured(results).flatMap((c) => c.report.metrics.turns).length >= turnsMin);
    const worker = async (k: number): Promise<void> => {
      while (!enough()) {
        const name = scenarios[started++ % scenarios.length]!;
        const result = await runScenario(name, { copy, share: { k, n: parallel } });
        results.push(result);
        const latencies = result.calls.flatMap((c) => c.report.metrics.turns.map((t) => t.latencyMs));
        say(
          `${result.ok ? 'ok    ' : 'FAILED'} ${name}: ${latencies.length} turns, p50 ${rounded(percentile(latencies, 50))} ms${result.ok ? '' : ` (${result.calls.flatMap((c) => c.problems).join('; ')})`}`,
        );
      }
    };
    await Promise.all(Array.from({ length: parallel }, (_, k) => worker(k)));
    const all = measured(results);
    const metrics = all.map((c) => c.report.metrics);
    const latency = metrics.flatMap((m) => m.turns);
    const figures = {
      calls: all.length,
      failedCalls: results.filter((r) => !r.ok).length,
      parallel,
      turnLatencyMs: spread(latency.map((t) => t.latencyMs)),
      turnLatencyMsByStep: Object.fromEntries(
        [...new Set(latency.map((t) => t.step))].map((step) => [
          step,
          spread(latency.filter((t) => t.step === step).map((t) => t.latencyMs)),
        ]),
      ),
      unanswered: metrics.flatMap((m) => m.unanswered).length,
      interruptionToSilenceMs: spread(metrics.flatMap((m) => m.interruptions.map((i) => i.silenceAfterMs))),
      gapsOver40Ms: metrics.flatMap((m) => m.gaps).length,
      pausesAtMarksMs: spread(metrics.flatMap((m) => m.pausesAtMarks.map((g) => g.ms))),
      underrunFrames: metrics.reduce((sum, m) => sum + m.underrunFrames, 0),
      deadAirMsMax: rounded(
        percentile(
          metrics.map((m) => m.deadAirMsMax),
          100,
        ),
      ),
      simulatorClockLagMsMax:
        percentile(
          all.map((c) => c.report.clockLagMsMax),
          100,
        ) ?? null,
    };
    return { ok: latency.length >= turnsMin, figures };
  },
};

const measured = (results: readonly ScenarioResult[]): CallResult[] => results.flatMap((r) => r.calls);
