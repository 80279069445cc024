import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { TodaysAppointments } from '../appointments/appointments-panel.tsx';
import { CallBacks } from '../calls/call-backs-panel.tsx';
import { CallsInProgress } from '../calls/calls-in-progress.tsx';
import { RecentCalls } from '../calls/recent-calls.tsx';
import { SentMessages } from '../messages/messages-panel.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { useLiveFeed } from './live-feed.ts';

/** What happens now: calls with what is being said in them, and what they lead to. */
export function LivePage({ session }: { readonly session: Session }) {
  const clinics = useQuery(queries.clinics);
  const [chosen, setChosen] = useState<string>();
  const live = useLiveFeed();
  const clinic = clinics.data?.find(({ id }) => id === chosen) ?? clinics.data?.[0];
  return (
    <div className="shell">
      <TopBar
        session={session}
        clinics={clinics.data ?? []}
        clinic={clinic}
        onClinic={setChosen}
        connected={live.connected}
      />
      {clinic && (
        <main className="live-grid">
          <div className="column column-calls">
            <CallsInProgress clinic={clinic} partials={live.partials} />
            <RecentCalls clinic={clinic} />
          </div>
          <div className="column">
            <TodaysAppointments clinic={clinic} />
          </div>
          <div className="column">
            <SentMessages clinic={clinic} />
            <CallBacks clinic={clinic} />
          </div>
        </main>
      )}
    </div>
  );
}
