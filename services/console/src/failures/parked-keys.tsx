import { useQuery } from '@tanstack/react-query';
import { duration } from '../api/clinic-day.ts';
import type { ParkedKey } from '../api/failure-types.ts';
import { queries } from '../api/queries.ts';
import { useNow } from '../parts/ago.tsx';
import { Panel } from '../parts/panel.tsx';
import { History } from './history.tsx';
import { count, typeInWords } from './words.ts';

/** Keys whose event failed and that are tried again without anybody's doing. */
export function ParkedKeys({ timeZone }: { readonly timeZone: string }) {
  const parked = useQuery(queries.parked);
  return (
    <Panel
      title="Being retried"
      query={parked}
      empty={{
        title: 'Nothing is being retried',
        text: 'An event that fails is tried again by itself, after longer and longer pauses, for about 13 minutes.',
      }}
    >
      {(items) => (
        <ul className="letters">
          {items.map((item) => (
            <Parked key={`${item.group} ${item.topic} ${item.key}`} item={item} timeZone={timeZone} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Parked({ item, timeZone }: { readonly item: ParkedKey; readonly timeZone: string }) {
  const now = useNow(1_000);
  const dueMs = Date.parse(item.nextAttemptAt) - now;
  return (
    <li>
      <details className="letter">
        <summary>
          <span className="letter-main">
            <span className="letter-title">{typeInWords(item.event.type)}</span>
            <span className="muted">
              {count(item.attempts, 'attempt')}, again {dueMs <= 0 ? 'now' : `in ${duration(dueMs)}`}
            </span>
          </span>
          <span className="letter-reason">{item.reason ?? 'About to be tried'}</span>
          <span className="letter-foot">
            <span className="muted">
              {item.topic} → {item.group}
            </span>
            <span className="spacer" />
            {item.waiting > 0 && <span className="badge">{item.waiting} waiting</span>}
          </span>
        </summary>
        <History history={item.history} timeZone={timeZone} />
      </details>
    </li>
  );
}
