import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { Clinic, Session } from '../api/types.ts';
import { Mark } from './mark.tsx';

interface TopBarProps {
  readonly session: Session;
  readonly clinics: readonly Clinic[];
  readonly clinic: Clinic | undefined;
  readonly onClinic: (id: string) => void;
  readonly connected: boolean;
}

export function TopBar({ session, clinics, clinic, onClinic, connected }: TopBarProps) {
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
      {clinic?.numbers[0] && <span className="muted number">{clinic.numbers[0]}</span>}
      <span className="spacer" />
      <span className={`connection ${connected ? 'is-on' : 'is-off'}`} role="status">
        {connected ? 'Live' : 'Reconnecting…'}
      </span>
      <span className="muted">{session.displayName}</span>
      <button type="button" className="button button-quiet" onClick={() => signOut.mutate()}>
        Sign out
      </button>
    </header>
  );
}
