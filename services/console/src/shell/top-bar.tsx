import { Button } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { PresenceSwitch } from '../escalations/presence-switch.tsx';
import { useShell } from './shell-context.ts';
import { UserMenu } from './user-menu.tsx';

interface TopBarProps {
  readonly onJump: () => void;
  readonly onKeys: () => void;
}

const feedWords = { connecting: 'Connecting…', connected: 'Connected', lost: 'Reconnecting…' } as const;

export function TopBar({ onJump, onKeys }: TopBarProps) {
  const { feed } = useShell();
  return (
    <header className="top-bar">
      <ClinicSwitch />
      <Button
        variant="default"
        className="jump-button"
        leftSection={<IconSearch size={17} aria-hidden="true" />}
        rightSection={<span className="kbd">Ctrl K</span>}
        onClick={onJump}
      >
        Go to…
      </Button>
      <span className="spacer" />
      <span className={`connection connection-${feed}`} role="status">
        {feedWords[feed]}
      </span>
      <PresenceSwitch />
      <UserMenu onKeys={onKeys} />
    </header>
  );
}

function ClinicSwitch() {
  const { clinics, clinic, setClinic } = useShell();
  if (clinics.length < 2) return <span className="clinic-name">{clinic.name}</span>;
  return (
    <select
      className="clinic-name"
      aria-label="Clinic"
      value={clinic.id}
      onChange={(event) => setClinic(event.target.value)}
    >
      {clinics.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
