import { useShell } from '../shell/shell-context.ts';
import { Page } from '../parts/page.tsx';
import { TodaysAppointments } from './appointments-panel.tsx';
import { CallsInProgress } from './calls-in-progress.tsx';
import { SentMessages } from './messages-panel.tsx';
import { NowFigures } from './now-figures.tsx';
import { RecentCalls } from './recent-calls.tsx';
import './live.css';

/** What happens now: calls with what is being said in them, and what they lead to. */
export default function LivePage() {
  const { clinic, may } = useShell();
  return (
    <Page title={`Live at ${clinic.name}`}>
      <NowFigures clinic={clinic} />
      <div className="live-grid">
        <div className="column">
          <CallsInProgress clinic={clinic} />
        </div>
        <div className="column">
          <RecentCalls clinic={clinic} />
          {may('appointments:read') && <TodaysAppointments clinic={clinic} />}
          {may('messages:read') && <SentMessages clinic={clinic} />}
        </div>
      </div>
    </Page>
  );
}
