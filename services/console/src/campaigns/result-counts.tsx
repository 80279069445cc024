import type { Progress } from '../api/campaign-types.ts';
import { useAddressQuery } from '../parts/router.tsx';
import { groupOf, inDigits, recipientResults, resultInWords } from './words.ts';

/** Each result with its number; pressing one shows the people behind it. */
export function ResultCounts({ progress }: { readonly progress: Progress }) {
  const [values, change] = useAddressQuery();
  const known = new Map(progress.results.map(({ result, count }) => [result, count]));
  const shown = [
    ...recipientResults.filter((result) => known.has(result)),
    ...[...known.keys()].filter((result) => !(recipientResults as readonly string[]).includes(result)),
  ];
  const most = Math.max(1, ...known.values());
  if (shown.length === 0) return <p className="muted">Nobody is done yet.</p>;
  return (
    <ul className="result-counts">
      {shown.map((result) => {
        const count = known.get(result) ?? 0;
        const chosen = values['result'] === result;
        return (
          <li key={result}>
            <button
              type="button"
              aria-pressed={chosen}
              title={chosen ? 'Show everybody' : 'Show these people'}
              onClick={() => change({ result: chosen ? '' : result, state: '' })}
            >
              <span>{resultInWords(result)}</span>
              <span className="result-line" aria-hidden="true">
                <span className={`result-${groupOf(result)}`} style={{ width: `${(100 * count) / most}%` }} />
              </span>
              <strong>{inDigits(count)}</strong>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
