import type { Report } from './check.ts';

/** The result for people to read: one line each, what is wrong first. */
export function tableOf(report: Report): string {
  const order = { wrong: 0, undecided: 1, 'handed-over': 2, 'not-called': 3, right: 4 } as const;
  const rows = [...report.rows].sort((a, b) => order[a.verdict] - order[b.verdict]);
  const cells = rows.map((r) => [
    r.verdict.toUpperCase(),
    r.patient.externalId,
    r.patient.behaviour,
    r.patient.leave === 'may-be-called' ? r.patient.wish : r.patient.leave,
    r.result,
    String(r.calls),
    [
      ...r.reasons,
      ...(r.interrupted ? [`on the phone when a service was killed: ${r.interrupted}`] : []),
    ].join('; '),
  ]);
  const head = ['verdict', 'patient', 'behaviour', 'wanted', 'result', 'calls', 'why'];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(i === 6 ? 0 : widths[i]!)).join('  ');
  return [
    line(head),
    ...cells.map(line),
    '',
    ...report.violations.map((v) => `BROKEN  ${v}`),
    `right ${report.counts.right}, handed over ${report.counts['handed-over']}, not called ${report.counts['not-called']}, ` +
      `undecided ${report.counts.undecided}, wrong ${report.counts.wrong}; ` +
      `${(report.decidedAsWanted * 100).toFixed(1)} % had their way, in ${report.calls} calls`,
    report.ok ? 'PASSED' : 'FAILED',
  ].join('\n');
}
