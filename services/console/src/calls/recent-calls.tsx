import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { timeIn } from '../api/clinic-day.ts';
import { queries } from '../api/queries.ts';
import type { Call, Clinic } from '../api/types.ts';
import { Panel } from '../shell/panel.tsx';
import { Transcript } from './transcript.tsx';
import { inWords, isOver, tone } from './words.ts';

const over = (calls: readonly Call[]) => calls.filter((call) => isOver(call.state)).slice(0, 12);

export function RecentCalls({ clinic }: { readonly clinic: Clinic }) {
  const calls = useQuery({ ...queries.calls(clinic.id), select: over });
  return (
    <Panel
      title="Recent calls"
      query={calls}
      empty={{ title: 'No calls yet', text: 'Finished calls are listed here with their outcome.' }}
    >
      {(items) => (
        <ul className="rows">
          {items.map((call) => (
            <RecentCall key={call.id} call={call} timeZone={clinic.timeZone} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RecentCall({ call, timeZone }: { readonly call: Call; readonly timeZone: string }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...queries.transcript(call.id), enabled: open });
  return (
    <li>
      <button type="button" className="row row-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="row-time">{call.initiatedAt && timeIn(timeZone, call.initiatedAt)}</span>
        <span className="row-main">{call.callerNumber ?? 'Number withheld'}</span>
        <span className={`badge badge-${tone(call)}`}>{inWords(call.outcome ?? call.state)}</span>
      </button>
      {open && data && <Transcript lines={data.transcript} timeZone={timeZone} />}
    </li>
  );
}
