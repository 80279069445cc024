import { useQuery } from '@tanstack/react-query';
import { timeIn } from '../api/clinic-day.ts';
import { queries } from '../api/queries.ts';
import type { Clinic } from '../api/types.ts';
import { Panel } from '../shell/panel.tsx';
import { inWords } from './words.ts';

export function CallBacks({ clinic }: { readonly clinic: Clinic }) {
  const callBacks = useQuery(queries.callBacks(clinic.id));
  return (
    <Panel
      title="To call back"
      query={callBacks}
      empty={{
        title: 'Nobody is waiting',
        text: 'Callers who want something the agent cannot do yet are listed here.',
      }}
    >
      {(items) => (
        <ul className="rows">
          {items.map((entry) => (
            <li key={entry.id} className="row row-tall">
              <span className="row-time">
                {entry.requestedAt && timeIn(clinic.timeZone, entry.requestedAt)}
              </span>
              <span className="row-main">
                {entry.callerNumber ?? 'Number withheld'}
                {entry.note && <q className="row-note">{entry.note}</q>}
              </span>
              <span className="badge">{inWords(entry.reason)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
