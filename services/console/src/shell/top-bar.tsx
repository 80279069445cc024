import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { integrationQueries } from '../api/integrations.ts';
import { queries } from '../api/queries.ts';
import type { Clinic, Session } from '../api/types.ts';
import { Mark } from './mark.tsx';
import { Link } from './router.tsx';

interface TopBarProps {
  readonly session: Session;
  readonly path: string;
  readonly clinics: readonly Clinic[];
  readonly clinic: Clinic | undefined;
  readonly onClinic: (id: string) => void;
  readonly connected: boolean;
}

export function TopBar({ session, path, clinics, clinic, onClinic, connected }: TopBarProps) {
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: api.signOut,
    // Nothing of one person's hospital may stay for the next one who signs in here.
    onSettled: () => client.clear(),
    onSuccess: () => location.reload(),
  });
  return (
    <header className="top-bar">
      <span className="brand">
        <Mark /> Wardline
      </span>
      {clinics.length > 1 ? (
        <select aria-label="Clinic" value={clinic?.id} onChange={(event) => onClinic(event.target.value)}>
          {clinics.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <span className="clinic-name">{clinic?.name}</span>
      )}
      <nav className="pages" aria-label="Pages">
        <PageLink to="/" path={path} label="Live" />
        <FailedEventsLink path={path} />
        <IntegrationsLink path={path} />
      </nav>
      <span className="spacer" />
      <span className={`connection ${connected ? 'is-on' : 'is-off'}`} role="status">
        {connected ? 'Connected' : 'Reconnecting…'}
      </span>
      <span className="muted who">{session.displayName}</span>
      <button type="button" className="button button-quiet" onClick={() => signOut.mutate()}>
        Sign out
      </button>
    </header>
  );
}

interface PageLinkProps {
  readonly to: string;
  readonly path: string;
  readonly label: string;
  readonly count?: number;
}

function PageLink({ to, path, label, count = 0 }: PageLinkProps) {
  const isHere = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
  return (
    <Link to={to} className="page-link" aria-current={isHere ? 'page' : undefined}>
      {label}
      {count > 0 && (
        <span className="count count-bad">
          {count}
          <span className="for-readers"> to look at</span>
        </span>
      )}
    </Link>
  );
}

function FailedEventsLink({ path }: { readonly path: string }) {
  const { data } = useQuery(queries.deadLetters);
  return <PageLink to="/failed-events" path={path} label="Failed events" count={data?.items.length ?? 0} />;
}

function IntegrationsLink({ path }: { readonly path: string }) {
  const { data } = useQuery(integrationQueries.webhooks);
  const off = data?.items.filter(({ state }) => state === 'disabled').length ?? 0;
  return <PageLink to="/integrations" path={path} label="Integrations" count={off} />;
}
