import { useQuery } from '@tanstack/react-query';
import { callQueries } from '../api/calls.ts';
import { timeIn } from '../api/clinic-day.ts';
import type { Call, Clinic } from '../api/types.ts';
import { callInWords, isOver, tone } from '../calls/words.ts';
import { Badge } from '../parts/badge.tsx';
import { Panel } from '../parts/panel.tsx';
import { Direction, numberOrWithheld } from '../parts/phone.tsx';
import { Link } from '../parts/router.tsx';

const over = (calls: readonly Call[]) => calls.filter(({ state }) => isOver(state)).slice(0, 10);

export function RecentCalls({ clinic }: { readonly clinic: Clinic }) {
  const calls = useQuery({ ...callQueries.recent(clinic.id), select: over });
  return (
    <Panel
      title="Just ended"
      query={calls}
      actions={
        <Link to="/calls" className="panel-link">
          All calls
        </Link>
      }
      empty={{ title: 'No calls yet', text: 'Finished calls are listed here with their outcome.' }}
    >
      {(items) => (
        <ul className="rows">
          {items.map((call) => (
            <li key={call.id}>
              <Link to={`/calls/${call.id}`} className="row row-call">
                <span className="row-time">
                  {call.initiatedAt && timeIn(clinic.timeZone, call.initiatedAt)}
                </span>
                <Direction direction={call.direction} />
                <span className="row-main">{numberOrWithheld(call.callerNumber)}</span>
                <Badge tone={tone(call)}>{callInWords(call)}</Badge>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
