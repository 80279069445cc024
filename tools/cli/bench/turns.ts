import { findRunningCopy, percentile } from '@wardline/carrier-simulator/harness';
import type { Benchmark } from './benchmark.ts';
import { makeCalls, rounded, spread, turnsMin } from './live-calls.ts';

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
    const { calls: all, failed } = await makeCalls({ copy: findRunningCopy(), calls, parallel, say });
    const metrics = all.map((c) => c.report.metrics);
    const latency = metrics.flatMap((m) => m.turns);
    const figures = {
      calls: all.length,
      failedCalls: failed,
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
