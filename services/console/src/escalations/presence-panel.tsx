import { Button } from '@mantine/core';
import { IconHeadset, IconHeadsetOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { escalationQueries } from '../api/escalations.ts';
import { useShell } from '../shell/shell-context.ts';
import { useDesk } from './desk.tsx';

/** Whether calls are offered to the signed-in user, and who else is there to take them. */
export function PresencePanel() {
  const { present, setPresent } = useDesk();
  const { me } = useShell();
  const presence = useQuery(escalationQueries.presence);
  const others = (presence.data ?? []).filter(({ user }) => user !== me.user.id);
  const Icon = present ? IconHeadset : IconHeadsetOff;
  return (
    <section className={`panel presence-panel ${present ? 'is-here' : ''}`} aria-label="Presence">
      <Icon size={30} stroke={1.7} aria-hidden="true" />
      <p className="presence-text">
        <strong>{present ? 'You are here' : 'You are away'}</strong>
        <span className="muted">
          {present
            ? 'Calls are offered to you while this page is open, also behind another window. '
            : 'No call is offered to you, and nothing sounds. '}
          {others.length === 0
            ? 'Nobody else is here.'
            : `${present ? 'Also here' : 'Here'}: ${others.map(({ displayName }) => displayName).join(', ')}.`}
        </span>
      </p>
      <Button
        variant={present ? 'default' : 'filled'}
        size="md"
        onClick={(event) => {
          // A mouse leaves no focus behind: the next Enter is meant for a call.
          if (event.detail > 0) event.currentTarget.blur();
          setPresent(!present);
        }}
      >
        {present ? 'I am away now' : 'I am here now'}
      </Button>
    </section>
  );
}
