import type { Clinic } from '../api/types.ts';
import { TodaysAppointments } from '../appointments/appointments-panel.tsx';
import { CallBacks } from '../calls/call-backs-panel.tsx';
import { CallsInProgress } from '../calls/calls-in-progress.tsx';
import { RecentCalls } from '../calls/recent-calls.tsx';
import { SentMessages } from '../messages/messages-panel.tsx';
import type { Partials } from './live-feed.ts';

interface LivePageProps {
  readonly clinic: Clinic;
  readonly partials: Partials;
}

/** What happens now: calls with what is being said in them, and what they lead to. */
export function LivePage({ clinic, partials }: LivePageProps) {
  return (
    <main className="live-grid">
      <h1 className="for-readers" tabIndex={-1}>
        Live at {clinic.name}
      </h1>
      <div className="column column-calls">
        <CallsInProgress clinic={clinic} partials={partials} />
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
  );
}
