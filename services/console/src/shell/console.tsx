import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { queries } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { FailedEventsPage } from '../failures/failed-events-page.tsx';
import { IntegrationsPage } from '../integrations/integrations-page.tsx';
import { WebhookPage } from '../integrations/webhook-page.tsx';
import { useLiveFeed } from '../live/live-feed.ts';
import { LivePage } from '../live/live-page.tsx';
import { Notice } from './notice.tsx';
import { navigate, usePath } from './router.tsx';
import { TopBar } from './top-bar.tsx';

/** Everything behind the sign-in: the bar on top, and the page that the address names. */
export function Console({ session }: { readonly session: Session }) {
  const path = usePath();
  const [, page = '', ...rest] = path.split('/');
  const clinics = useQuery(queries.clinics);
  const [chosen, setChosen] = useState<string>();
  const live = useLiveFeed();
  const clinic = clinics.data?.find(({ id }) => id === chosen) ?? clinics.data?.[0];
  const timeZone = clinic?.timeZone ?? 'UTC';
  useTitle(page);

  function content() {
    if (page === '') return clinic && <LivePage clinic={clinic} partials={live.partials} />;
    if (page === 'failed-events') return <FailedEventsPage selected={rest[0]} timeZone={timeZone} />;
    if (page === 'integrations' && rest[0] === 'webhooks' && rest[1])
      return <WebhookPage id={rest[1]} timeZone={timeZone} />;
    if (page === 'integrations') return <IntegrationsPage timeZone={timeZone} />;
    return (
      <main className="page">
        <Notice
          tone="calm"
          title="There is no such page"
          text="The address may have been shortened on its way here."
          action={{ label: 'Go to Live', act: () => navigate('/') }}
        />
      </main>
    );
  }
  return (
    <div className="shell">
      <TopBar
        session={session}
        path={path}
        clinics={clinics.data ?? []}
        clinic={clinic}
        onClinic={setChosen}
        connected={live.connected}
      />
      {content()}
    </div>
  );
}

const titles: Record<string, string> = { 'failed-events': 'Failed events', integrations: 'Integrations' };

/** The tab says where one is, and whoever listens instead of looking is taken to the new page's heading. */
function useTitle(page: string): void {
  const before = useRef(page);
  useEffect(() => {
    document.title = titles[page] ? `${titles[page]} · Wardline` : 'Wardline';
    if (before.current !== page) document.querySelector<HTMLElement>('main h1')?.focus();
    before.current = page;
  }, [page]);
}
