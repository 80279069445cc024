import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { callQueries } from '../api/calls.ts';
import type { Call, Clinic } from '../api/types.ts';
import { Transcript } from '../calls/transcript.tsx';
import { inWords, partyOf } from '../calls/words.ts';
import { Elapsed } from '../parts/ago.tsx';
import { Badge } from '../parts/badge.tsx';
import { Panel } from '../parts/panel.tsx';
import { Direction, numberOrWithheld } from '../parts/phone.tsx';
import { Link } from '../parts/router.tsx';
import { useShell } from '../shell/shell-context.ts';
import { usePartial } from './partials.ts';
import { useCallsInProgress } from './use-calls-in-progress.ts';

export function CallsInProgress({ clinic }: { readonly clinic: Clinic }) {
  const calls = useCallsInProgress(clinic.id);
  return (
    <Panel
      title="Calls in progress"
      query={calls}
      className="panel-live"
      empty={{
        title: 'The line is quiet',
        text: `A call to ${clinic.numbers[0] ? numberOrWithheld(clinic.numbers[0]) : 'the clinic'} appears here the moment it arrives, with what is being said.`,
      }}
    >
      {(items) => (
        <ul className="calls">
          {items.map((call) => (
            <LiveCall key={call.id} call={call} timeZone={clinic.timeZone} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function LiveCall({ call, timeZone }: { readonly call: Call; readonly timeZone: string }) {
  const { may } = useShell();
  const { data: lines = [] } = useQuery({
    ...callQueries.transcript(call.id),
    enabled: may('transcripts:read'),
  });
  const partial = usePartial(call.id);
  return (
    <li className="call-card">
      <header className="call-head">
        <Direction direction={call.direction} />
        <span className="call-who">
          <Link to={`/calls/${call.id}`} className="row-link call-number">
            {numberOrWithheld(call.callerNumber)}
          </Link>
          <span className="call-state">
            <span className="pulse" aria-hidden="true" /> {inWords(call.state)}
          </span>
        </span>
        {call.campaign && <Badge tone="accent">Campaign</Badge>}
        {call.outcome && <Badge tone="good">{inWords(call.outcome)}</Badge>}
        <span className="spacer" />
        {call.initiatedAt && <Elapsed since={call.initiatedAt} />}
        <IconChevronRight size={20} className="muted" aria-hidden="true" />
      </header>
      {(lines.length > 0 || partial) && (
        <Transcript lines={lines} party={partyOf(call)} partial={partial} timeZone={timeZone} />
      )}
    </li>
  );
}
