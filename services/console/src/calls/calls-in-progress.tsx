import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { queries } from '../api/queries.ts';
import type { Call, Clinic } from '../api/types.ts';
import type { Partials } from '../live/live-feed.ts';
import { Panel } from '../shell/panel.tsx';
import { Transcript } from './transcript.tsx';
import { inWords, isOver } from './words.ts';

const liveOnly = (calls: readonly Call[]) => calls.filter((call) => !isOver(call.state));

export function CallsInProgress({
  clinic,
  partials,
}: {
  readonly clinic: Clinic;
  readonly partials: Partials;
}) {
  const calls = useQuery({ ...queries.calls(clinic.id), select: liveOnly });
  return (
    <Panel
      title="Calls in progress"
      query={calls}
      className="panel-live"
      empty={{
        title: 'The line is quiet',
        text: `A call to ${clinic.numbers[0] ?? 'the clinic'} appears here the moment it arrives, with what is being said.`,
      }}
    >
      {(items) => (
        <ul className="calls">
          {items.map((call) => (
            <LiveCall key={call.id} call={call} partial={partials.get(call.id)} timeZone={clinic.timeZone} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function LiveCall({
  call,
  partial,
  timeZone,
}: {
  readonly call: Call;
  readonly partial: string | undefined;
  readonly timeZone: string;
}) {
  const { data } = useQuery(queries.transcript(call.id));
  return (
    <li className="call-card">
      <header className="call-head">
        <span className="pulse" aria-hidden="true" />
        <span className="call-number">{call.callerNumber ?? 'Number withheld'}</span>
        <span className="badge">{inWords(call.state)}</span>
        {call.outcome && <span className="badge badge-good">{inWords(call.outcome)}</span>}
        <span className="spacer" />
        {call.initiatedAt && <Elapsed since={call.initiatedAt} />}
      </header>
      <Transcript lines={data?.transcript ?? []} partial={partial} timeZone={timeZone} />
    </li>
  );
}

function Elapsed({ since }: { readonly since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  return (
    <time className="elapsed" dateTime={`PT${seconds}S`}>
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
    </time>
  );
}
