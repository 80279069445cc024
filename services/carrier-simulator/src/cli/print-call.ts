import type { CallResult, ScenarioResult } from './run-scenario.ts';
import { percentile } from '../domain/measurement.ts';

/** A scenario's run for people to read. */
export function describeScenario(result: ScenarioResult): string {
  const lines = [`${result.ok ? 'PASSED' : 'FAILED'}  ${result.scenario}: ${result.title}`];
  if (result.asked) lines.push(`        slot ${result.asked.local} (${result.asked.start})`);
  result.calls.forEach((call, i) => {
    if (result.calls.length > 1) lines.push('', `  caller ${i + 1}`);
    lines.push(...describeCall(call));
  });
  for (const problem of result.problems) lines.push(`  WRONG  ${problem}`);
  return lines.join('\n');
}

const seconds = (ms: number) => (ms / 1000).toFixed(1).padStart(6);

function describeCall({ report, platform, endState, taken, problems, wavFile }: CallResult): string[] {
  const started = new Date(report.startedAt).getTime();
  const onTheLine = report.timeline.map((t) => ({
    atMs: t.atMs,
    text: `${t.who.padEnd(8)} ${t.who === 'agent' && t.untilMs !== undefined ? `(heard) ${t.text || '…'}` : t.text}`,
  }));
  const asWritten = (platform?.transcript ?? []).map((l) => ({
    atMs: l.at === null ? 0 : new Date(l.at).getTime() - started,
    text: `  wrote  ${l.speaker.padEnd(7)} ${l.speaker === 'caller' ? `[${l.confidence.toFixed(2)}] ` : ''}${l.text}${l.interrupted ? ' —' : ''}`,
  }));
  const metrics = report.metrics;
  const latencies = metrics.turns.map((t) => t.latencyMs);
  return [
    ...[...onTheLine, ...asWritten]
      .sort((a, b) => a.atMs - b.atMs)
      .map((l) => `  ${seconds(l.atMs)} s  ${l.text}`),
    `  answers: ${metrics.turns.map((t) => `${t.step} ${Math.round(t.latencyMs)} ms`).join(', ') || 'none measured'}`,
    ...(latencies.length > 0
      ? [
          `  latency: p50 ${Math.round(percentile(latencies, 50)!)} ms, max ${Math.round(Math.max(...latencies))} ms`,
        ]
      : []),
    ...metrics.interruptions.map(
      (i) => `  interrupted at ${i.step}: silent after ${Math.round(i.silenceAfterMs)} ms`,
    ),
    `  gaps over 40 ms: ${metrics.gaps.length}${metrics.gaps.length > 0 ? ` (${metrics.gaps.map((g) => `${Math.round(g.ms)} ms at ${(g.atMs / 1000).toFixed(1)} s`).join(', ')})` : ''}; at marks: ${metrics.pausesAtMarks.map((g) => `${Math.round(g.ms)} ms`).join(', ') || 'none'}; longest silence ${(metrics.deadAirMsMax / 1000).toFixed(1)} s; our own clock at most ${report.clockLagMsMax} ms late`,
    `  outcome: ${endState.call ? `${endState.call.state.toUpperCase()}, ${endState.call.outcome ?? 'no outcome'}` : 'unknown to the platform'}; ${endState.appointments.map((a) => `appointment ${a.startAt.toISOString()} ${a.status}`).join(', ') || 'no appointment'}; ${endState.confirmations.length} confirmations${endState.callBacks.length > 0 ? `; call back: ${endState.callBacks.map((c) => c.reason).join(', ')}` : ''}`,
    ...(taken
      ? [`  taken by ${taken.by.displayName}, who read: ${taken.escalation.briefing?.summary ?? 'nothing'}`]
      : []),
    ...(endState.call ? [`  call ${endState.call.id}, trace ${endState.call.traceId}`] : []),
    ...(wavFile === undefined ? [] : [`  audio ${wavFile}`]),
    ...problems.map((p) => `  WRONG  ${p}`),
  ];
}
