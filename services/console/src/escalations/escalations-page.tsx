import { useState } from 'react';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/panel.tsx';
import { Notice } from '../parts/notice.tsx';
import type { PageProps } from '../shell/pages.ts';
import { useShell } from '../shell/shell-context.ts';
import { CallBacks } from './call-backs-panel.tsx';
import { useDesk } from './desk.tsx';
import { EscalationDetail } from './escalation-detail.tsx';
import { PresencePanel } from './presence-panel.tsx';
import { Queue } from './queue.tsx';
import './escalations.css';

/** Calls that wait for a person, and people who wait to be called back. */
export default function EscalationsPage({ rest: [chosen] }: PageProps) {
  const { may } = useShell();
  const { works } = useDesk();
  return (
    <Page title="Escalations" className="escalations">
      {works && <PresencePanel />}
      {works && <QueueAndBriefing chosen={chosen} />}
      {may('call-backs:work') && <CallBacks />}
    </Page>
  );
}

function QueueAndBriefing({ chosen }: { readonly chosen: string | undefined }) {
  const { waiting, mine, hasDeclined } = useDesk();
  const isLive = [mine, ...waiting].some((item) => item && item.id === chosen);
  // One that is over stays in sight until the next one waits.
  const shown = useShown(isLive ? chosen : (mine?.id ?? waiting[0]?.id ?? chosen), hasDeclined);
  return (
    <div className="desk-grid">
      <Queue shown={shown} />
      {shown ? (
        <EscalationDetail key={shown} id={shown} />
      ) : (
        <Section title="Briefing">
          <Notice
            tone="calm"
            title="No call to take"
            text="When somebody needs a person, who it is, why, and what was said so far stand here before you accept."
          />
        </Section>
      )}
    </div>
  );
}

/** Whatever was shown last stays until there is another one: how it ended is worth a glance. */
function useShown(now: string | undefined, isGone: (id: string) => boolean): string | undefined {
  const [last, setLast] = useState(now);
  if (now !== undefined && now !== last) setLast(now);
  return now ?? (last !== undefined && !isGone(last) ? last : undefined);
}
