import { duration, instantIn } from '../api/clinic-day.ts';
import type { Attempt } from '../api/failure-types.ts';

interface HistoryProps {
  readonly history: readonly Attempt[];
  readonly timeZone: string;
}

/** Every attempt with its time, and how long it waited after the one before. */
export function History({ history, timeZone }: HistoryProps) {
  return (
    <ol className="history">
      {history.map((attempt, i) => {
        const before = history[i - 1];
        return (
          <li key={`${attempt.at} ${i}`} className={attempt.byHand ? 'attempt is-by-hand' : 'attempt'}>
            <time dateTime={attempt.at}>{instantIn(timeZone, attempt.at)}</time>
            <span className="attempt-gap">
              {before && `+${duration(Date.parse(attempt.at) - Date.parse(before.at))}`}
            </span>
            <span className="attempt-reason">{attempt.byHand ? 'Replayed by a person' : attempt.reason}</span>
          </li>
        );
      })}
    </ol>
  );
}
