import { createLogger } from '@wardline/observability';
import { runDrill, type Summary } from './drill.ts';
import { parseOptions, usage } from './options.ts';

/** `npm run chaos -- events …`. Gives the exit code: 0 nothing was wrong, 1 something was, 2 the question was. */
export async function runEventsDrill(args: readonly string[]): Promise<number> {
  let options;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const { json } = options;
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const logger = createLogger({ service: 'chaos', level: 'warn', destination: process.stderr });
  const summary = await runDrill(options, say, logger);
  for (const line of describe(summary)) say(line);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return summary.ok ? 0 : 1;
}

function describe(s: Summary): string[] {
  const total = Object.values(s.kills).reduce((sum, n) => sum + n, 0);
  const kinds = Object.entries(s.kills).map(([kind, n]) => `${n} × ${kind}`);
  return [
    '',
    `events       ${s.produced} happened, ${s.rolledBack} transactions rolled back, ${s.redelivered} events twice in a topic`,
    `broken       ${total} times: ${kinds.join(', ')}`,
    ...Object.entries(s.commitToEffectMs).map(
      ([group, t]) =>
        `${group.padEnd(13)}commit → effect p50 ${t.p50} ms, p99 ${t.p99} ms; longest stall ${(t.longestStallMs / 1_000).toFixed(1)} s`,
    ),
    `settled      ${s.settledMs === null ? 'never' : `${(s.settledMs / 1_000).toFixed(1)} s`} after the load`,
    ...(s.endedByThemselves.length > 0 ? [`restarted    ${s.endedByThemselves.join(', ')}`] : []),
    ...s.neverBack.map((who) => `NEVER BACK   ${who}`),
    ...s.stoppedLate.map((who) => `STOPPED LATE ${who}`),
    ...s.findings.map((finding) => `FOUND        ${finding}`),
    `${s.ok ? 'ok' : 'FAILED'}: ${s.lost} lost, ${s.doubled} doubled, ${s.outOfOrder} out of order, ` +
      `${s.invented} invented, ${s.waiting} waiting`,
  ];
}
