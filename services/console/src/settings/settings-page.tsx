import { useQuery } from '@tanstack/react-query';
import { settingsQueries } from '../api/settings.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Link } from '../parts/router.tsx';
import type { PageProps } from '../shell/pages.ts';
import { useShell } from '../shell/shell-context.ts';
import { ClinicForm } from './clinic-form.tsx';
import { DoNotCall } from './do-not-call.tsx';
import { Users } from './users.tsx';
import './settings.css';

const parts = [
  { name: '', label: 'Clinic', permission: 'settings:read' },
  { name: 'do-not-call', label: 'Do-not-call list', permission: 'do-not-call:read' },
  { name: 'users', label: 'Users', permission: 'staff:read' },
] as const;

/** "/settings", "/settings/do-not-call", "/settings/users": those of them that the signed-in user may see. */
export default function SettingsPage({ rest: [part = ''] }: PageProps) {
  const { may, clinic } = useShell();
  const own = parts.filter(({ permission }) => may(permission));
  const shown = own.find(({ name }) => name === part);
  return (
    <Page
      title="Settings"
      lead={part === '' ? `What callers of ${clinic.name} hear, and when it is open.` : undefined}
    >
      <nav aria-label="Settings" className="parts-nav">
        {own.map(({ name, label }) => (
          <Link
            key={name}
            to={name ? `/settings/${name}` : '/settings'}
            aria-current={name === part ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      {!shown && (
        <Notice tone="calm" title="Not for your role" text="Nothing of this can be seen with your role." />
      )}
      {shown?.name === '' && <ClinicSettings />}
      {shown?.name === 'do-not-call' && <DoNotCall />}
      {shown?.name === 'users' && <Users />}
    </Page>
  );
}

function ClinicSettings() {
  const { clinic } = useShell();
  const clinics = useQuery(settingsQueries.clinics);
  return (
    <Loaded query={clinics} rows={8}>
      {(items) => {
        const facts = items.find(({ id }) => id === clinic.id);
        return facts ? <ClinicForm key={facts.id} facts={facts} /> : null;
      }}
    </Loaded>
  );
}
