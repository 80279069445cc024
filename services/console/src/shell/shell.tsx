import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { queries } from '../api/queries.ts';
import type { Clinic, Me } from '../api/types.ts';
import { DeskProvider } from '../escalations/desk.tsx';
import { useLiveFeed } from '../live/use-live-feed.ts';
import { Skeleton } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { navigate, usePath } from '../parts/router.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useKeys } from './keys.ts';
import { Navigation } from './navigation.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { pageAt, pages } from './pages.ts';
import { type Shell, ShellContext, useShell } from './shell-context.ts';
import { TopBar } from './top-bar.tsx';
import './shell.css';

const Jump = lazy(() => import('./jump.tsx'));
const KeysHelp = lazy(() => import('./keys-help.tsx'));

const storedClinic = 'wardline.clinic';

/** Everything behind the sign-in: navigation, the bar on top, and the page that the address names. */
export function SignedIn({ me }: { readonly me: Me }) {
  const clinics = useQuery(queries.clinics);
  if (clinics.data?.[0]) return <WithClinics me={me} clinics={clinics.data} first={clinics.data[0]} />;
  return (
    <div className="splash" aria-busy={clinics.isPending}>
      {(clinics.isError || clinics.isSuccess) && (
        <Notice
          tone="bad"
          title={clinics.isError ? 'Wardline cannot be reached' : 'Your hospital has no clinic yet'}
          text={clinics.error?.message ?? 'An administrator makes the first one.'}
          action={{ label: 'Try again', act: () => void clinics.refetch() }}
        />
      )}
    </div>
  );
}

interface WithClinicsProps {
  readonly me: Me;
  readonly clinics: readonly Clinic[];
  readonly first: Clinic;
}

function WithClinics({ me, clinics, first }: WithClinicsProps) {
  const feed = useLiveFeed();
  const [chosen, setChosen] = useState(() => localStorage.getItem(storedClinic));
  const shell = useMemo((): Shell => {
    const permissions = new Set(me.permissions);
    return {
      me,
      may: (permission) => permissions.has(permission),
      clinics,
      clinic: clinics.find(({ id }) => id === chosen) ?? first,
      setClinic: (id) => {
        localStorage.setItem(storedClinic, id);
        setChosen(id);
      },
      feed,
    };
  }, [me, clinics, first, chosen, feed]);
  return (
    <ShellContext value={shell}>
      <DeskProvider>
        <Frame />
      </DeskProvider>
    </ShellContext>
  );
}

/** Loaded when it is first asked for, and opened at once. */
type Asked = 'jump' | 'keys' | undefined;

function Frame() {
  const path = usePath();
  const [jumpAsked, setJumpAsked] = useState(0);
  const [asked, setAsked] = useState<Asked>();
  const jump = () => setJumpAsked((times) => times + 1);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      setJumpAsked((times) => times + 1);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  useKeys({
    ...Object.fromEntries(pages.map((entry) => [`g ${entry.key}`, () => navigate(entry.path)])),
    '?': () => setAsked('keys'),
    '/': jump,
  });
  useFocusOnNewPage(path);
  return (
    <div className="frame">
      <a className="skip-link" href="#content">
        Skip to the page
      </a>
      <Navigation path={path} />
      <div className="frame-main">
        <TopBar onJump={jump} onKeys={() => setAsked('keys')} />
        <ConnectionBanner />
        <Content path={path} />
      </div>
      <Suspense>
        {jumpAsked > 0 && <Jump asked={jumpAsked} />}
        {asked === 'keys' && <KeysHelp onClose={() => setAsked(undefined)} />}
      </Suspense>
    </div>
  );
}

function Content({ path }: { readonly path: string }) {
  const found = pageAt(path);
  if (!found)
    return (
      <Page title="There is no such page">
        <Notice
          tone="calm"
          title="Nothing is at this address"
          text="It may have been shortened on its way here."
          action={{ label: 'Go to the first page', act: () => navigate('/') }}
        />
      </Page>
    );
  return <Allowed path={path} {...found} />;
}

function Allowed({ entry, rest }: NonNullable<ReturnType<typeof pageAt>> & { readonly path: string }) {
  const shell = useShell();
  const { Page: Content } = entry;
  const allowed = entry.permissions.some(shell.may);
  const first = pages.find(({ permissions }) => permissions.some(shell.may));
  // The console's address alone means "my first page".
  const elsewhere = !allowed && entry.path === '/' ? first?.path : undefined;
  useEffect(() => {
    if (elsewhere) navigate(elsewhere, 'replace');
  }, [elsewhere]);
  if (!allowed)
    return (
      <Page title={entry.label}>
        <Notice
          tone="calm"
          title="Your role does not see this page"
          text={`You are signed in as ${shell.me.user.role}. An administrator can change that.`}
        />
      </Page>
    );
  return (
    <PageBoundary key={entry.path} label={entry.label}>
      <Suspense
        fallback={
          <Page title={entry.label}>
            <Skeleton rows={6} />
          </Page>
        }
      >
        <Content rest={rest} />
      </Suspense>
    </PageBoundary>
  );
}

/** Whoever listens instead of looking is taken to the new page's heading. */
function useFocusOnNewPage(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    const [was, is] = [pageAt(before.current), pageAt(path)];
    before.current = path;
    // Within one page, such as from one entry of a list to the next, the focus stays where it is.
    if (was && is && was.entry === is.entry && is.entry.keepsFocus) return;
    scrollTo(0, 0);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus());
  }, [path]);
}
