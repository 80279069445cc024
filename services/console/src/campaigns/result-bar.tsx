import type { Progress } from '../api/campaign-types.ts';
import { groupOf, inDigits, type ResultGroup } from './words.ts';

const groups: readonly (readonly [ResultGroup, string])[] = [
  ['good', 'Decided'],
  ['person', 'With a person'],
  ['told', 'Told'],
  ['out', 'Not to be called'],
  ['none', 'Not reached'],
];

const countsOf = ({ results }: Progress) =>
  groups.map(
    ([group, label]) =>
      [
        group,
        label,
        results.filter(({ result }) => groupOf(result) === group).reduce((sum, { count }) => sum + count, 0),
      ] as const,
  );

/** How far a campaign is, as one bar: what it came to for whom, who is in a call, who waits. */
export function ResultBar({ progress }: { readonly progress: Progress }) {
  const counts = countsOf(progress).filter(([, , count]) => count > 0);
  const waiting = progress.waiting + progress.queued;
  const said = [
    ...counts.map(([, label, count]) => `${label.toLowerCase()}: ${count}`),
    ...(progress.live > 0 ? [`in a call: ${progress.live}`] : []),
    ...(waiting > 0 ? [`waiting: ${waiting}`] : []),
  ];
  const share = (count: number) => ({ width: `${(100 * count) / Math.max(1, progress.recipients)}%` });
  return (
    <div className="result-bar" role="img" aria-label={`Progress: ${said.join(', ') || 'nobody yet'}`}>
      {counts.map(([group, , count]) => (
        <span key={group} className={`result-${group}`} style={share(count)} />
      ))}
      {progress.live > 0 && <span className="result-live" style={share(progress.live)} />}
    </div>
  );
}

/** What the colours of the bar mean, with their numbers. */
export function ResultLegend({ progress }: { readonly progress: Progress }) {
  const entries = [
    ...countsOf(progress),
    ['live', 'In a call', progress.live] as const,
    ['waiting', 'Waiting', progress.waiting + progress.queued] as const,
  ];
  return (
    <ul className="legend">
      {entries.map(([group, label, count]) => (
        <li key={group}>
          <span className={`legend-dot result-${group}`} aria-hidden="true" />
          {label} <strong>{inDigits(count)}</strong>
        </li>
      ))}
    </ul>
  );
}
