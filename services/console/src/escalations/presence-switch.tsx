import { Button, Switch } from '@mantine/core';
import { IconBell, IconBellOff, IconVolume3 } from '@tabler/icons-react';
import { useDesk } from './desk.tsx';

/** "I am here", the sound beside it, and what to do when the browser keeps the sound back. On every page. */
export function PresenceSwitch() {
  const { works, present, setPresent, alarm, muted, setMuted, unlockSound } = useDesk();
  if (!works) return null;
  return (
    <div className="presence">
      {alarm === 'blocked' && (
        <Button
          color="danger"
          size="xs"
          leftSection={<IconVolume3 size={17} aria-hidden="true" />}
          onClick={unlockSound}
        >
          Sound is blocked: allow it
        </Button>
      )}
      {present && (
        <button
          type="button"
          className="icon-button"
          aria-pressed={muted}
          aria-label="Mute the alarm"
          title={muted ? 'The alarm is muted' : 'The alarm sounds when a call waits'}
          onClick={() => setMuted(!muted)}
        >
          {muted ? <IconBellOff size={21} aria-hidden="true" /> : <IconBell size={21} aria-hidden="true" />}
        </button>
      )}
      <Switch
        className={`presence-switch ${present ? 'is-on' : ''}`}
        label="I am here"
        checked={present}
        onChange={(event) => setPresent(event.currentTarget.checked)}
      />
    </div>
  );
}
